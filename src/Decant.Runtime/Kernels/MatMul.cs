using System.Numerics;
using Decant.Runtime.Products;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX MatMul, leading axes broadcast, on floating-point, int32, int64, uint32 and uint64 tensors.</summary>
internal static class MatMul
{
    public static Tensor Run(Operators.MatMul op, Tensor?[] inputs, KernelContext context)
    {
        Tensor a = inputs[0]!, b = inputs[1]!;
        if (a.Type != b.Type) throw new ModelException($"inputs of {a} and {b} differ in element type");
        return a.Type switch
        {
            ElementType.Float32 => Single(a, b, context),
            ElementType.Float64 => Scalar<double>(a, b, context),
            ElementType.Int32 => Scalar<int>(a, b, context),
            ElementType.Int64 => Scalar<long>(a, b, context),
            ElementType.UInt32 => Scalar<uint>(a, b, context),
            ElementType.UInt64 => Scalar<ulong>(a, b, context),
            var type => throw new ModelException($"matrices of {type}; float and 32- and 64-bit integer types are possible"),
        };
    }

    private static Tensor Single(Tensor a, Tensor b, KernelContext context)
    {
        float[] x = a.Array<float>(), y = b.Array<float>(), z = new float[context.Output.Count];
        var (rows, depth, columns) = Size(a.Shape, b.Shape);
        if (Stacked(a.Shape, b.Shape))
            DenseProduct.Accumulate(MatrixView.RowMajor(x, 0, depth == 0 ? 0 : x.Length / depth, depth),
                MatrixView.RowMajor(y, 0, depth, columns), z, 0, context.Threads);
        else
            Each(a.Shape, b.Shape, context.Output, rows * columns, (i, j, k) => DenseProduct.Accumulate(
                MatrixView.RowMajor(x, i, rows, depth), MatrixView.RowMajor(y, j, depth, columns), z, k, context.Threads));
        return Tensor.Of(context.Output, z);
    }

    private static Tensor Scalar<T>(Tensor a, Tensor b, KernelContext context) where T : unmanaged, INumber<T>
    {
        T[] x = a.Array<T>(), y = b.Array<T>(), z = new T[context.Output.Count];
        var size = Size(a.Shape, b.Shape);
        Each(a.Shape, b.Shape, context.Output, size.Rows * size.Columns, (i, j, k) => ScalarProduct.Accumulate<T>(
            x.AsSpan(i), y.AsSpan(j), z.AsSpan(k), size, (size.Depth, 1), (size.Columns, 1)));
        return Tensor.Of(context.Output, z);
    }

    private static (int Rows, int Depth, int Columns) Size(Shape a, Shape b) => (a.Rank == 1 ? 1 : a[-2], a[-1], b.Rank == 1 ? 1 : b[-1]);

    /// <summary>Whether every matrix of A meets the one of B: then they are one tall matrix.</summary>
    private static bool Stacked(Shape a, Shape b) => a.Rank > 1 && b.Rank <= 2;

    /// <summary>Visits each pair of matrices: where both begin, and where their product does.</summary>
    private static void Each(Shape a, Shape b, Shape output, int count, Action<int, int, int> body)
    {
        if (output.Count == 0) return;
        Shape left = Stack(a), right = Stack(b), stack = Shape.Broadcast(left, right);
        int[] x = Strides.Broadcast(left, stack), y = Strides.Broadcast(right, stack), extents = [.. stack.Dims];
        int leftSize = a.Rank < 2 ? a[0] : (int)a.CountFrom(a.Rank - 2), rightSize = b.Rank < 2 ? b[0] : (int)b.CountFrom(b.Rank - 2);
        for (int i = 0; i < stack.Count; i++)
            body(Strides.Offset(i, extents, x) * leftSize, Strides.Offset(i, extents, y) * rightSize, i * count);
    }

    private static Shape Stack(Shape s) => s.Rank <= 2 ? Shape.Scalar : new Shape(s.Dims.AsSpan()[..^2]);
}
