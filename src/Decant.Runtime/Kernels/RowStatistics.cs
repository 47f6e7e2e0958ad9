using System.Numerics;
using System.Runtime.Intrinsics;

namespace Decant.Runtime.Kernels;

/// <summary>
/// Sums over a row in double precision, which every normalization needs. Four sums are kept apart whatever the
/// machine's vectors.
/// </summary>
internal static class RowStatistics
{
    /// <summary>The mean.</summary>
    public static double Mean<T>(ReadOnlySpan<T> row)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector256<double> sums = default;
        int i = 0;
        for (; i <= row.Length - 4; i += 4)
            sums += Four(row[i..]);
        double sum = Vector256.Sum(sums);
        for (; i < row.Length; i++)
            sum += double.CreateTruncating(row[i]);
        return sum / row.Length;
    }

    /// <summary>The mean of (x − center)².</summary>
    public static double MeanSquare<T>(ReadOnlySpan<T> row, double center)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector256<double> sums = default,
            middle = Vector256.Create(center);
        int i = 0;
        for (; i <= row.Length - 4; i += 4)
        {
            Vector256<double> difference = Four(row[i..]) - middle;
            sums += difference * difference;
        }
        double sum = Vector256.Sum(sums);
        for (; i < row.Length; i++)
            sum += Square(double.CreateTruncating(row[i]) - center);
        return sum / row.Length;
    }

    private static Vector256<double> Four<T>(ReadOnlySpan<T> row)
        where T : unmanaged
    {
        if (typeof(T) == typeof(double))
            return Vector256.Create(row).AsDouble();
        var (low, high) = Vector128.Widen(Vector128.Create(row).AsSingle());
        return Vector256.Create(low, high);
    }

    private static double Square(double x) => x * x;
}

/// <summary>
/// (x − center) · factor over a row, then times and plus numbers of the row's own or of the whole row.
/// </summary>
internal static class ScaledRow
{
    /// <summary>(x − center) · factor + offset.</summary>
    public static void Run<T>(ReadOnlySpan<T> x, T center, T factor, T offset, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector<T> c = new(center),
            f = new(factor),
            o = new(offset);
        int i = 0;
        for (; i <= x.Length - Vector<T>.Count; i += Vector<T>.Count)
            ((new Vector<T>(x[i..]) - c) * f + o).CopyTo(y[i..]);
        for (; i < x.Length; i++)
            y[i] = (x[i] - center) * factor + offset;
    }

    /// <summary>(x − center) · factor · scale + bias, element by element; no bias if it is empty.</summary>
    public static void Run<T>(
        ReadOnlySpan<T> x,
        T center,
        T factor,
        ReadOnlySpan<T> scale,
        ReadOnlySpan<T> bias,
        Span<T> y
    )
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector<T> c = new(center),
            f = new(factor);
        int i = 0;
        for (; i <= x.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            Vector<T> scaled = (new Vector<T>(x[i..]) - c) * f * new Vector<T>(scale[i..]);
            (bias.IsEmpty ? scaled : scaled + new Vector<T>(bias[i..])).CopyTo(y[i..]);
        }
        for (; i < x.Length; i++)
            y[i] = (x[i] - center) * factor * scale[i] + (bias.IsEmpty ? T.Zero : bias[i]);
    }
}

/// <summary>
/// Normalizes each row of the axes from one on, around its mean or around 0, with a factor and an addend that
/// broadcast.
/// </summary>
/// <param name="Axis">The first axis of a row.</param>
/// <param name="Epsilon">Added to the mean square.</param>
/// <param name="Centered">Whether the mean is taken off.</param>
internal sealed record LayerRows(int Axis, float Epsilon, bool Centered)
{
    /// <summary>Fills the outputs given: the result and, if there are, mean and 1/√(…) of each row.</summary>
    public void Run(Tensor?[] inputs, Tensor[] outputs, KernelContext context)
    {
        Tensor x = inputs[0]!;
        foreach (Tensor? t in inputs)
            if (t is not null && t.Type != x.Type)
                throw new ModelException($"inputs of {x} and {t} differ in element type");
        if (x.Type == ElementType.Float32)
            Rows<float>(x, Factor(inputs, 1, x.Shape), Factor(inputs, 2, x.Shape), outputs, context);
        else if (x.Type == ElementType.Float64)
            Rows<double>(x, Factor(inputs, 1, x.Shape), Factor(inputs, 2, x.Shape), outputs, context);
        else
            throw new ModelException($"an input of {x.Type}; floating-point types are possible");
    }

    private void Rows<T>(Tensor x, Tensor? scale, Tensor? bias, Tensor[] outputs, KernelContext context)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int width = (int)x.Shape.CountFrom(Axis);
        T[] from = x.Array<T>(),
            to = outputs[0].Array<T>(),
            factors = scale!.Array<T>(),
            addends = bias?.Array<T>() ?? [];
        context.Threads.Ranges(
            to.Length == 0 ? 0 : to.Length / width,
            Math.Max(1, (1 << 14) / Math.Max(1, width)),
            (first, end) =>
            {
                for (int row = first; row < end; row++)
                {
                    ReadOnlySpan<T> values = from.AsSpan(row * width, width);
                    double mean = Centered ? RowStatistics.Mean(values) : 0,
                        inverse = 1 / Math.Sqrt(RowStatistics.MeanSquare(values, mean) + Epsilon);
                    int s = row * width % factors.Length,
                        b = addends.Length == 0 ? 0 : row * width % addends.Length;
                    ScaledRow.Run(
                        values,
                        T.CreateTruncating(mean),
                        T.CreateTruncating(inverse),
                        factors.AsSpan(s, width),
                        addends.Length == 0 ? [] : addends.AsSpan(b, width),
                        to.AsSpan(row * width, width)
                    );
                    if (outputs.Length > 1)
                        outputs[1].Span<T>()[row] = T.CreateTruncating(mean);
                    if (outputs.Length > 2)
                        outputs[2].Span<T>()[row] = T.CreateTruncating(inverse);
                }
            }
        );
    }

    /// <summary>A factor as one row, or where it differs by row as all of them.</summary>
    private Tensor? Factor(Tensor?[] inputs, int i, Shape x)
    {
        if (inputs.ElementAtOrDefault(i) is not { } given)
            return null;
        int lead = Math.Max(0, Axis - (x.Rank - given.Shape.Rank));
        bool same = given.Shape.Dims.Take(lead).All(d => d == 1);
        var whole = new Shape(x.Dims.AsSpan()[(same ? Axis : 0)..]);
        if (given.Count == whole.Count)
            return given;
        var own = new Shape(given.Shape.Dims.AsSpan()[(same ? lead : 0)..]);
        Tensor result = Tensor.Zeros(given.Type, whole);
        StridedCopy.Run(given, 0, whole.Dims.AsSpan(), Strides.Broadcast(own, whole), result);
        return result;
    }
}

/// <summary>
/// Normalizes each group of channels of each image by its own mean and variance: one group a channel is
/// InstanceNormalization.
/// </summary>
internal static class GroupRows
{
    public static Tensor Run(int groups, float epsilon, Tensor?[] inputs, KernelContext context)
    {
        foreach (Tensor? t in inputs)
            if (t!.Type != inputs[0]!.Type)
                throw new ModelException($"inputs of {inputs[0]} and {t} differ in element type");
        return inputs[0]!.Type switch
        {
            ElementType.Float32 => Run<float>(groups, epsilon, inputs, context),
            ElementType.Float64 => Run<double>(groups, epsilon, inputs, context),
            var type => throw new ModelException($"an input of {type}; floating-point types are possible"),
        };
    }

    private static Tensor Run<T>(int groups, float epsilon, Tensor?[] inputs, KernelContext context)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor x = inputs[0]!,
            y = Tensor.Zeros(x.Type, x.Shape);
        if (y.Count == 0)
            return y;
        int perGroup = x.Shape[1] / groups,
            plane = (int)x.Shape.CountFrom(2),
            width = perGroup * plane;
        T[] from = x.Array<T>(),
            scale = inputs[1]!.Array<T>(),
            bias = inputs[2]!.Array<T>(),
            to = y.Array<T>();
        context.Threads.For(x.Shape[0] * groups, row =>
        {
            ReadOnlySpan<T> values = from.AsSpan(row * width, width);
            double mean = RowStatistics.Mean(values),
                factor = 1 / Math.Sqrt(RowStatistics.MeanSquare(values, mean) + epsilon);
            for (int c = 0; c < perGroup; c++)
            {
                int channel = row % groups * perGroup + c;
                ScaledRow.Run(
                    values.Slice(c * plane, plane),
                    T.CreateTruncating(mean),
                    T.CreateTruncating(factor) * scale[channel],
                    bias[channel],
                    to.AsSpan(row * width + c * plane, plane)
                );
            }
        });
        return y;
    }
}
