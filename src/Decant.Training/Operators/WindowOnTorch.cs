using Decant.Core;
using Decant.Torch;

namespace Decant.Training.Operators;

/// <summary>
/// A sliding window worked out for an input: libtorch takes the same padding on both sides, ONNX takes any.
/// </summary>
internal sealed class WindowOnTorch
{
    private static readonly TorchOp Convolution = new("aten::convolution");

    private WindowOnTorch(int rank) =>
        (Kernel, Stride, Dilation, Before, After, Output, None) = (
            new long[rank],
            new long[rank],
            new long[rank],
            new long[rank],
            new long[rank],
            new long[rank],
            new long[rank]
        );

    public long[] Kernel { get; }

    public long[] Stride { get; }

    public long[] Dilation { get; }

    public long[] Before { get; }

    public long[] After { get; }

    public long[] Output { get; }

    /// <summary>No padding along any axis.</summary>
    public long[] None { get; }

    /// <summary>Whether padding is the same before and after every axis.</summary>
    public bool IsSymmetric => Before.AsSpan().SequenceEqual(After);

    public static WindowOnTorch Of(Window window, TorchTensor x, ReadOnlySpan<long> kernel)
    {
        var result = new WindowOnTorch(kernel.Length);
        for (int i = 0; i < kernel.Length; i++)
        {
            var (before, after, output) = window.Along(i, kernel.Length, (int)kernel[i], (int)x.Size(i + 2));
            (result.Kernel[i], result.Stride[i], result.Dilation[i]) = (
                kernel[i],
                window.Stride(i),
                window.Dilation(i)
            );
            (result.Before[i], result.After[i], result.Output[i]) = (before, after, output);
        }
        return result;
    }

    /// <summary>How far the windows reach past the padded input along axis i; negative if they stop short.</summary>
    public long Excess(int i, long input) =>
        (Output[i] - 1) * Stride[i] + (Kernel[i] - 1) * Dilation[i] + 1 - (Before[i] + input + After[i]);

    /// <summary>
    /// Sums over the windows of planes (planes, 1, spatial…) that are padded already: a convolution with ones.
    /// </summary>
    public TorchTensor Sum(TorchTensor planes) =>
        Convolution.Call(
            planes,
            Ops.Ones([1, 1, .. Kernel], planes.Type),
            (TorchTensor?)null,
            Stride,
            None,
            Dilation,
            false,
            None,
            1
        );

    /// <summary>The amounts as libtorch's constant_pad_nd takes them, last axis first.</summary>
    public static long[] PadAmounts(long[] before, long[] after)
    {
        var amounts = new long[2 * before.Length];
        for (int i = 0; i < before.Length; i++)
            (amounts[^(2 * i + 2)], amounts[^(2 * i + 1)]) = (before[i], after[i]);
        return amounts;
    }
}

/// <summary>A node's window, worked out again only when the extents that it slides over change.</summary>
internal sealed class WindowFit(Window window)
{
    private long[] extents = [];
    private WindowOnTorch? fitted;

    /// <summary>The window on an input.</summary>
    public WindowOnTorch On(TorchTensor x, ReadOnlySpan<long> kernel)
    {
        if (fitted is null || !IsSame(x))
            (extents, fitted) = (x.Shape, WindowOnTorch.Of(window, x, kernel));
        return fitted;
    }

    private bool IsSame(TorchTensor x)
    {
        if (extents.Length != x.Rank)
            return false;
        for (int i = 2; i < extents.Length; i++)
            if (x.Size(i) != extents[i])
                return false;
        return true;
    }
}
