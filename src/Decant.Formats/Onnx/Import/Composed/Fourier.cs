using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Formats.Onnx.Import.Composed;

/// <summary>
/// ONNX DFT as a product with a constant matrix, and STFT as a convolution: values are pairs of a real and an
/// imaginary part, or real parts alone, along the last axis.
/// </summary>
internal static class Fourier
{
    // What a small file may ask for.
    private const long MostElements = 1 << 24;

    /// <exception cref="ModelException">Lengths are not known, or too large.</exception>
    public static void Dft(Lowering l)
    {
        l.Node.Attributes.EnsureOnly("axis", "inverse", "onesided");
        l.EnsureCounts(1, 3);
        int rank = l.Rank(0);
        if (rank < 2)
            throw new ModelException($"its input has {rank} axes; 2 or more are expected");
        long stated = l.Has(2) ? Known(l, 2, "axis") : l.Node.Attributes.Int("axis", -2),
            axis = stated < 0 ? stated + rank : stated;
        if (axis < 0 || axis >= rank - 1)
            throw new ModelException($"axis {stated} is none of the {rank - 1} before the last");
        long signal = l.Extent(0, (int)axis) ?? throw new ModelException("the length of its signal is not known"),
            length = l.Has(1) ? Known(l, 1, "length") : signal;
        int parts = Parts(l, rank - 1);
        bool isInverse = l.Node.Attributes.Flag("inverse"),
            isHalf = l.Node.Attributes.Flag("onesided");
        if (isHalf && (isInverse || parts == 2))
            throw new ModelException("onesided is for a transform of real values that is not inverse");
        string matrix = l.Weight("matrix", Matrix(l, signal, length, parts, isHalf, isInverse));

        // The signal and its parts as one axis at the end, and back.
        long[] order = [.. Enumerable.Range(0, rank - 1).Select(a => (long)a).Where(a => a != axis), axis, rank - 1],
            back = [.. order.Select((_, i) => (long)Array.IndexOf(order, i))];
        string x =
            order.SequenceEqual(back) && axis == rank - 2 ? l.Node.Input(0) : l.Transposed(l.Node.Input(0), order);
        long[] copied = new long[rank - 2];
        string product = l.Make("MatMul", l.Reshaped(x, [.. copied, signal * parts]), matrix),
            pairs = l.Reshaped(product, [.. copied, -1, 2]);
        l.Finish(axis == rank - 2 ? pairs : l.Transposed(pairs, back));
    }

    /// <exception cref="ModelException">Lengths are not known, or too large.</exception>
    public static void Stft(Lowering l)
    {
        l.Node.Attributes.EnsureOnly("onesided");
        l.EnsureCounts(2, 4);
        if (l.Rank(0) is not (2 or 3))
            throw new ModelException($"its signal has {l.Rank(0)} axes; 2 or 3 are expected");
        int parts = l.Rank(0) == 2 ? 1 : Parts(l, 2);
        bool isHalf = l.Node.Attributes.Flag("onesided", true);
        if (isHalf && parts == 2)
            throw new ModelException("onesided is for a transform of real values");
        long step = Known(l, 1, "frame_step"),
            length = l.Has(3) ? Known(l, 3, "frame_length")
            : l.Has(2) && l.Extent(2, 0) is { } window ? window
            : throw new ModelException("how long its frames are is not known");
        if (step < 1)
            throw new ModelException($"frame_step is {step}; 1 or more is possible");
        Tensor matrix = Matrix(l, length, length, parts, isHalf, isInverse: false);
        string kernel = Kernel(l, matrix, (int)length, parts),
            channels = l.Rank(0) == 2 ? l.Widened(l.Node.Input(0), 1) : l.Transposed(l.Node.Input(0), 0, 2, 1),
            frames = l.Make("Conv", new Attributes(("strides", ImmutableArray.Create(step))), channels, kernel);
        l.Finish(l.Reshaped(l.Transposed(frames, 0, 2, 1), 0, 0, -1, 2));
    }

    /// <summary>A filter for each part of each frequency, times the window.</summary>
    private static string Kernel(Lowering l, Tensor matrix, int length, int parts)
    {
        int outputs = matrix.Shape[1];
        float[] from = matrix.Array<float>(),
            to = new float[from.Length],
            window = Enumerable.Repeat(1f, length).ToArray();
        if (l.Has(2) && (l.Rank(2) != 1 || l.Extent(2, 0) is { } size && size != length))
            throw new ModelException($"its window does not have the {length} elements of a frame");
        Tensor? known = l.Has(2) ? l.Constant(2) : null;
        if (known is { Type: ElementType.Float32 })
            window = known.Array<float>();
        for (int o = 0; o < outputs; o++)
        for (int c = 0; c < parts; c++)
        for (int i = 0; i < length; i++)
            to[(o * parts + c) * length + i] = from[(i * parts + c) * outputs + o] * window[i];
        string kernel = l.Weight("kernel", Tensor.Of(new Shape(outputs, parts, length), to));
        return l.Has(2) && known is null ? l.Make("Mul", kernel, l.Node.Input(2)) : kernel;
    }

    /// <summary>What a signal is multiplied by: for each part of each element cos and sin of its angle.</summary>
    private static Tensor Matrix(Lowering l, long signal, long length, int parts, bool isHalf, bool isInverse)
    {
        if (l.Type(0) is not (ElementType.Float32 or ElementType.Unknown))
            throw new ModelException($"it takes {l.Type(0)}; 32-bit floats are possible");
        if (length < 1 || signal < 1 || signal > MostElements || length > MostElements)
            throw new ModelException(
                $"its length is {length:N0} of a signal of {signal:N0}; 1 to {MostElements:N0} are possible"
            );
        long frequencies = isHalf ? length / 2 + 1 : length,
            columns = 2 * frequencies;
        if (signal * parts * columns > MostElements)
            throw new ModelException(
                $"its matrix has {signal * parts * columns:N0} elements; {MostElements:N0} are possible"
            );
        var matrix = new float[signal * parts * columns];
        double scale = isInverse ? 1.0 / length : 1;
        // What of the signal lies beyond the length does not count; what is missing is 0.
        for (long n = 0; n < Math.Min(signal, length); n++)
        for (long k = 0; k < frequencies; k++)
        {
            double angle = (isInverse ? 2 : -2) * Math.PI * (n * k % length) / length,
                real = scale * Math.Cos(angle),
                imaginary = scale * Math.Sin(angle);
            long row = n * parts * columns + 2 * k;
            (matrix[row], matrix[row + 1]) = ((float)real, (float)imaginary);
            if (parts == 2)
                (matrix[row + columns], matrix[row + columns + 1]) = ((float)-imaginary, (float)real);
        }
        return Tensor.Of(new Shape((int)(signal * parts), (int)columns), matrix);
    }

    private static int Parts(Lowering l, int axis) =>
        l.Extent(0, axis) is (1 or 2) and var parts
            ? (int)parts
            : throw new ModelException("its last axis is not known to hold 1 or 2 parts of each value");

    private static long Known(Lowering l, int input, string name) =>
        SoundWindows.Whole(l, input) ?? throw new ModelException($"its {name} is not known when the file is read");
}
