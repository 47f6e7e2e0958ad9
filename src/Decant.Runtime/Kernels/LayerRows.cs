using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Normalizes each row of the axes from one on, around its mean or around 0, with a factor and an addend that broadcast.</summary>
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
            if (t is not null && t.Type != x.Type) throw new ModelException($"inputs of {x} and {t} differ in element type");
        if (x.Type == ElementType.Float32) Rows<float>(x, Factor(inputs, 1, x.Shape), Factor(inputs, 2, x.Shape), outputs, context);
        else if (x.Type == ElementType.Float64) Rows<double>(x, Factor(inputs, 1, x.Shape), Factor(inputs, 2, x.Shape), outputs, context);
        else throw new ModelException($"an input of {x.Type}; floating-point types are possible");
    }

    private void Rows<T>(Tensor x, Tensor? scale, Tensor? bias, Tensor[] outputs, KernelContext context) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int width = (int)x.Shape.CountFrom(Axis);
        T[] from = x.Array<T>(), to = outputs[0].Array<T>(), factors = scale!.Array<T>(), addends = bias?.Array<T>() ?? [];
        context.Threads.Ranges(to.Length == 0 ? 0 : to.Length / width, Math.Max(1, (1 << 14) / Math.Max(1, width)), (first, end) =>
        {
            for (int row = first; row < end; row++)
            {
                ReadOnlySpan<T> values = from.AsSpan(row * width, width);
                double mean = Centered ? RowStatistics.Mean(values) : 0, inverse = 1 / Math.Sqrt(RowStatistics.MeanSquare(values, mean) + Epsilon);
                int s = row * width % factors.Length, b = addends.Length == 0 ? 0 : row * width % addends.Length;
                ScaledRow.Run(values, T.CreateTruncating(mean), T.CreateTruncating(inverse), factors.AsSpan(s, width),
                    addends.Length == 0 ? [] : addends.AsSpan(b, width), to.AsSpan(row * width, width));
                if (outputs.Length > 1) outputs[1].Span<T>()[row] = T.CreateTruncating(mean);
                if (outputs.Length > 2) outputs[2].Span<T>()[row] = T.CreateTruncating(inverse);
            }
        });
    }

    /// <summary>A factor as one row, or where it differs by row as all of them.</summary>
    private Tensor? Factor(Tensor?[] inputs, int i, Shape x)
    {
        if (inputs.ElementAtOrDefault(i) is not { } given) return null;
        int lead = Math.Max(0, Axis - (x.Rank - given.Shape.Rank));
        bool same = given.Shape.Dims.Take(lead).All(d => d == 1);
        var whole = new Shape(x.Dims.AsSpan()[(same ? Axis : 0)..]);
        if (given.Count == whole.Count) return given;
        var own = new Shape(given.Shape.Dims.AsSpan()[(same ? lead : 0)..]);
        Tensor result = Tensor.Zeros(given.Type, whole);
        StridedCopy.Run(given, 0, whole.Dims.AsSpan(), Strides.Broadcast(own, whole), result);
        return result;
    }
}
