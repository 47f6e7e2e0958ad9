using System.Collections.Immutable;

namespace Decant.Core;

/// <summary>
/// The sliding window of a convolution or pooling: kernel, strides, dilations, padding (ONNX auto_pad and ceil_mode
/// included).
/// </summary>
public sealed class Window
{
    private readonly string autoPad;
    private readonly bool ceil;
    private readonly ImmutableArray<long> strides,
        dilations,
        pads;

    /// <summary>Reads the window's attributes.</summary>
    /// <exception cref="ModelException">A value is not possible.</exception>
    public Window(Attributes attributes)
    {
        autoPad = attributes.Text("auto_pad", "NOTSET");
        ceil = attributes.Flag("ceil_mode");
        (strides, dilations, pads) = (
            attributes.Ints("strides"),
            attributes.Ints("dilations"),
            attributes.Ints("pads")
        );
        Kernel = [.. attributes.Ints("kernel_shape").Select(k => Positive("kernel_shape", k))];
        foreach (long s in strides)
            Positive("strides", s);
        foreach (long d in dilations)
            Positive("dilations", d);
        foreach (long p in pads)
            if (p is < 0 or > int.MaxValue / 4)
                throw new ModelException($"attribute 'pads' holds {p}; padding is 0 or more");
        if (autoPad is not ("NOTSET" or "SAME_UPPER" or "SAME_LOWER" or "VALID"))
            throw new ModelException(
                $"attribute 'auto_pad' is '{autoPad}'; possible are NOTSET, SAME_UPPER, SAME_LOWER, VALID"
            );
    }

    /// <summary>The kernel's spatial extents; empty if left to the weight's shape.</summary>
    public ImmutableArray<int> Kernel { get; }

    /// <summary>The step along spatial axis <paramref name="i"/>.</summary>
    public int Stride(int i) => i < strides.Length ? (int)strides[i] : 1;

    /// <summary>The distance of kernel taps along spatial axis <paramref name="i"/>.</summary>
    public int Dilation(int i) => i < dilations.Length ? (int)dilations[i] : 1;

    /// <summary>
    /// Padding before and after along spatial axis <paramref name="i"/>, and the output's extent there.
    /// </summary>
    /// <param name="i">The spatial axis, 0 for the first after batch and channels.</param>
    /// <param name="rank">How many spatial axes there are.</param>
    /// <param name="kernel">The kernel's extent along it.</param>
    /// <param name="input">The input's extent along it.</param>
    /// <exception cref="ModelException">The window does not fit the padded input.</exception>
    public (int Before, int After, int Output) Along(int i, int rank, int kernel, int input)
    {
        long reach = (kernel - 1L) * Dilation(i) + 1,
            stride = Stride(i);
        if (autoPad is "SAME_UPPER" or "SAME_LOWER")
            return Same(input, reach, stride);
        bool given = autoPad == "NOTSET" && !pads.IsEmpty;
        long before = given ? pads[i] : 0,
            after = given ? pads[i + rank] : 0,
            free = input + before + after - reach;
        if (free < 0)
            throw new ModelException(
                $"a window of {reach} does not fit an input of {input} with padding {before}+{after}"
            );
        long output = free / stride + 1;
        // A window that would start in the padding after the input is dropped (ONNX, since opset 19 in words).
        if (ceil && free % stride != 0 && output * stride < input + before)
            output++;
        return ((int)before, (int)after, Extent(output));
    }

    /// <summary>
    /// The other way round: the padded extent along spatial axis i of what a window would slide over to give the
    /// input's extent.
    /// </summary>
    /// <param name="i">The spatial axis.</param>
    /// <param name="rank">How many spatial axes there are.</param>
    /// <param name="kernel">The kernel's extent along it.</param>
    /// <param name="input">How many windows there are.</param>
    /// <param name="extra">Places after the last window (output_padding).</param>
    /// <param name="wanted">The extent without padding, if that is given instead of the padding (output_shape).</param>
    /// <exception cref="ModelException">Padding takes more than there is.</exception>
    public (int Before, int Output) Against(int i, int rank, int kernel, int input, long extra, long? wanted)
    {
        long whole = Stride(i) * Math.Max(0, input - 1L) + extra + (kernel - 1L) * Dilation(i) + 1;
        bool same = autoPad is "SAME_UPPER" or "SAME_LOWER";
        if (same || wanted is not null)
        {
            long output = wanted ?? (long)input * Stride(i),
                total = Math.Max(0, whole - output),
                less = total / 2;
            return (Extent(autoPad == "SAME_UPPER" ? less : total - less), Extent(output));
        }
        bool given = autoPad == "NOTSET" && !pads.IsEmpty;
        long before = given ? pads[i] : 0,
            left = whole - before - (given ? pads[i + rank] : 0);
        if (left < 1)
            throw new ModelException(
                $"padding of {whole - left} crops all of the {whole} there are along spatial axis {i}"
            );
        return ((int)before, Extent(left));
    }

    /// <summary>The spatial extents of the output; unknown where the input's are.</summary>
    /// <exception cref="ModelException">The window does not fit.</exception>
    public Shape Output(Shape input, int channels, ReadOnlySpan<int> kernel)
    {
        int rank = input.Rank - 2;
        CheckRank(rank, kernel.Length, input);
        var dims = new int[input.Rank];
        (dims[0], dims[1]) = (input[0], channels);
        for (int i = 0; i < rank; i++)
            dims[i + 2] = input[i + 2] < 0 ? Shape.Unknown : Along(i, rank, kernel[i], input[i + 2]).Output;
        return new Shape(dims);
    }

    private (int Before, int After, int Output) Same(int input, long reach, long stride)
    {
        long output = (input + stride - 1) / stride,
            total = Math.Max(0, (output - 1) * stride + reach - input),
            less = total / 2;
        (int small, int large) = (Extent(less), Extent(total - less));
        return autoPad == "SAME_UPPER" ? (small, large, (int)output) : (large, small, (int)output);
    }

    /// <summary>
    /// Checks that no window of a pooling lies in its padding alone: padding is smaller than the kernel, as ONNX
    /// Runtime has it too.
    /// </summary>
    /// <exception cref="ModelException">It is not.</exception>
    internal void CheckPadding()
    {
        for (int i = 0; i < pads.Length && !Kernel.IsEmpty; i++)
            if (pads[i] >= Kernel[i % Kernel.Length])
                throw new ModelException(
                    $"padding of {pads[i]} for a window of {Kernel[i % Kernel.Length]}; padding must be smaller"
                );
    }

    internal void CheckRank(int rank, int kernelRank, Shape input)
    {
        if (kernelRank != rank)
            throw new ModelException($"a window of {kernelRank} axes on an input of shape {input}");
        if (!strides.IsEmpty && strides.Length != rank)
            throw new ModelException($"{strides.Length} strides for {rank} spatial axes");
        if (!dilations.IsEmpty && dilations.Length != rank)
            throw new ModelException($"{dilations.Length} dilations for {rank} spatial axes");
        if (!pads.IsEmpty && pads.Length != 2 * rank)
            throw new ModelException($"{pads.Length} pads for {rank} spatial axes; there must be {2 * rank}");
    }

    private static int Extent(long value) =>
        value <= int.MaxValue / 4
            ? (int)value
            : throw new ModelException($"a window makes an extent of {value}, which is too large");

    private static int Positive(string name, long value) =>
        value is > 0 and <= int.MaxValue / 4
            ? (int)value
            : throw new ModelException($"attribute '{name}' holds {value}; it must be 1 or more");
}
