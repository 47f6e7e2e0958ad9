using System.Collections.Immutable;

namespace Decant.Core;

/// <summary>The sliding window of a convolution or pooling: kernel, strides, dilations, padding (ONNX auto_pad and ceil_mode included).</summary>
public sealed class Window
{
    private readonly string autoPad;
    private readonly bool ceil;
    private readonly ImmutableArray<long> strides, dilations, pads;

    /// <summary>The attribute names a window reads.</summary>
    public static ReadOnlySpan<string> AttributeNames => new[] { "auto_pad", "dilations", "kernel_shape", "pads", "strides", "ceil_mode" };

    /// <summary>Reads the window's attributes.</summary>
    /// <exception cref="ModelException">A value is not possible.</exception>
    public Window(Attributes attributes)
    {
        autoPad = attributes.Text("auto_pad", "NOTSET");
        ceil = attributes.Flag("ceil_mode");
        (strides, dilations, pads) = (attributes.Ints("strides"), attributes.Ints("dilations"), attributes.Ints("pads"));
        Kernel = [.. attributes.Ints("kernel_shape").Select(k => Positive("kernel_shape", k))];
        foreach (long s in strides) Positive("strides", s);
        foreach (long d in dilations) Positive("dilations", d);
        foreach (long p in pads)
            if (p is < 0 or > int.MaxValue / 4) throw new ModelException($"attribute 'pads' holds {p}; padding is 0 or more");
        if (autoPad is not ("NOTSET" or "SAME_UPPER" or "SAME_LOWER" or "VALID"))
            throw new ModelException($"attribute 'auto_pad' is '{autoPad}'; possible are NOTSET, SAME_UPPER, SAME_LOWER, VALID");
    }

    /// <summary>The kernel's spatial extents; empty if left to the weight's shape.</summary>
    public ImmutableArray<int> Kernel { get; }

    /// <summary>The step along spatial axis <paramref name="i"/>.</summary>
    public int Stride(int i) => i < strides.Length ? (int)strides[i] : 1;

    /// <summary>The distance of kernel taps along spatial axis <paramref name="i"/>.</summary>
    public int Dilation(int i) => i < dilations.Length ? (int)dilations[i] : 1;

    /// <summary>Padding before and after along spatial axis <paramref name="i"/>, and the output's extent there.</summary>
    /// <param name="i">The spatial axis, 0 for the first after batch and channels.</param>
    /// <param name="rank">How many spatial axes there are.</param>
    /// <param name="kernel">The kernel's extent along it.</param>
    /// <param name="input">The input's extent along it.</param>
    /// <exception cref="ModelException">The window does not fit the padded input.</exception>
    public (int Before, int After, int Output) Along(int i, int rank, int kernel, int input)
    {
        int reach = checked((kernel - 1) * Dilation(i) + 1), stride = Stride(i);
        if (autoPad is "SAME_UPPER" or "SAME_LOWER") return Same(input, reach, stride);
        bool given = autoPad == "NOTSET" && pads.Length == 2 * rank;
        int before = given ? (int)pads[i] : 0, after = given ? (int)pads[i + rank] : 0, free = checked(input + before + after) - reach;
        if (free < 0) throw new ModelException($"a window of {reach} does not fit an input of {input} with padding {before}+{after}");
        int output = free / stride + 1;
        // A window that would start in the padding after the input is dropped (ONNX, since opset 19 in words).
        if (ceil && free % stride != 0 && output * stride < input + before) output++;
        return (before, after, output);
    }

    /// <summary>The spatial extents of the output; unknown where the input's are.</summary>
    /// <exception cref="ModelException">The window does not fit.</exception>
    public Shape Output(Shape input, int channels, ReadOnlySpan<int> kernel)
    {
        int rank = input.Rank - 2;
        if (kernel.Length != rank) throw new ModelException($"a window of {kernel.Length} axes on an input of shape {input}");
        var dims = new int[input.Rank];
        (dims[0], dims[1]) = (input[0], channels);
        for (int i = 0; i < rank; i++)
            dims[i + 2] = input[i + 2] < 0 ? Shape.Unknown : Along(i, rank, kernel[i], input[i + 2]).Output;
        return new Shape(dims);
    }

    private (int Before, int After, int Output) Same(int input, int reach, int stride)
    {
        int output = (input + stride - 1) / stride, total = Math.Max(0, (output - 1) * stride + reach - input);
        int less = total / 2, more = total - less;
        return autoPad == "SAME_UPPER" ? (less, more, output) : (more, less, output);
    }

    private static int Positive(string name, long value) => value is > 0 and <= int.MaxValue / 4
        ? (int)value
        : throw new ModelException($"attribute '{name}' holds {value}; it must be 1 or more");
}
