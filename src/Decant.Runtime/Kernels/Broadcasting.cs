using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Element-wise operations of two tensors, broadcast as NumPy and ONNX define it.</summary>
internal static class Broadcasting
{
    private const int Grain = 1 << 16;

    public static Tensor Run<TOp>(Tensor?[] inputs, KernelContext context) where TOp : IBinaryArithmetic
    {
        Tensor a = inputs[0]!, b = inputs[1]!;
        if (a.Type != b.Type) throw new ModelException($"inputs of {a} and {b} differ in element type; they must agree");
        return a.Type switch
        {
            ElementType.Float32 => Run<TOp, float>(a, b, context),
            ElementType.Float64 => Run<TOp, double>(a, b, context),
            ElementType.Float16 => Run<TOp, Half>(a, b, context),
            ElementType.Int8 => Run<TOp, sbyte>(a, b, context),
            ElementType.Int16 => Run<TOp, short>(a, b, context),
            ElementType.Int32 => Run<TOp, int>(a, b, context),
            ElementType.Int64 => Run<TOp, long>(a, b, context),
            ElementType.UInt8 => Run<TOp, byte>(a, b, context),
            ElementType.UInt16 => Run<TOp, ushort>(a, b, context),
            ElementType.UInt32 => Run<TOp, uint>(a, b, context),
            ElementType.UInt64 => Run<TOp, ulong>(a, b, context),
            _ => throw new ModelException($"inputs of {a.Type} are not numbers to compute with"),
        };
    }

    private static Tensor Run<TOp, T>(Tensor a, Tensor b, KernelContext context)
        where TOp : IBinaryArithmetic where T : unmanaged, INumber<T>
    {
        Tensor result = Tensor.Zeros(a.Type, context.Output);
        T[] x = a.Array<T>(), y = b.Array<T>(), z = result.Array<T>();
        if (a.Shape == b.Shape)
            context.Threads.Ranges(z.Length, Grain, (from, to) => Alike<TOp, T>(x.AsSpan(from, to - from), y.AsSpan(from, to - from), z.AsSpan(from)));
        else if (z.Length > 0)
            Rows<TOp, T>(x, Strides.Broadcast(a.Shape, context.Output), y, Strides.Broadcast(b.Shape, context.Output), z, context);
        return result;
    }

    private static void Alike<TOp, T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z)
        where TOp : IBinaryArithmetic where T : unmanaged, INumber<T>
    {
        int i = 0;
        if (typeof(T) == typeof(float) || typeof(T) == typeof(double))
            for (; i <= x.Length - Vector<T>.Count; i += Vector<T>.Count)
                TOp.Apply(new Vector<T>(x[i..]), new Vector<T>(y[i..])).CopyTo(z[i..]);
        for (; i < x.Length; i++) z[i] = TOp.Apply(x[i], y[i]);
    }

    private static void Rows<TOp, T>(T[] x, int[] xs, T[] y, int[] ys, T[] z, KernelContext context)
        where TOp : IBinaryArithmetic where T : unmanaged, INumber<T>
    {
        int width = context.Output.Rank == 0 ? 1 : context.Output[-1];
        int xStep = xs.Length == 0 ? 0 : xs[^1], yStep = ys.Length == 0 ? 0 : ys[^1];
        int[] outer = [.. context.Output.Dims.Take(context.Output.Rank - 1)];
        context.Threads.Ranges(z.Length / width, Math.Max(1, Grain / width), (from, to) =>
        {
            for (int row = from; row < to; row++)
            {
                int i = Strides.Offset(row, outer, xs), j = Strides.Offset(row, outer, ys);
                foreach (ref T cell in z.AsSpan(row * width, width))
                {
                    cell = TOp.Apply(x[i], y[j]);
                    (i, j) = (i + xStep, j + yStep);
                }
            }
        });
    }
}
