using System.Numerics;
using Decant.Runtime.Products;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Gemm, alpha·A'·B' + beta·C, on floating-point, int32, int64, uint32 and uint64 tensors.</summary>
internal static class Gemm
{
    public static Tensor Run(Operators.Gemm op, Tensor?[] inputs, KernelContext context)
    {
        foreach (Tensor? t in inputs)
            if (t is not null && t.Type != inputs[0]!.Type) throw new ModelException($"inputs of {inputs[0]} and {t} differ in element type");
        return inputs[0]!.Type switch
        {
            ElementType.Float32 => Single(op, inputs, context),
            ElementType.Float64 => Scalar<double>(op, inputs, context),
            ElementType.Int32 => Scalar<int>(op, inputs, context),
            ElementType.Int64 => Scalar<long>(op, inputs, context),
            ElementType.UInt32 => Scalar<uint>(op, inputs, context),
            ElementType.UInt64 => Scalar<ulong>(op, inputs, context),
            var type => throw new ModelException($"matrices of {type}; float and 32- and 64-bit integer types are possible"),
        };
    }

    private static Tensor Single(Operators.Gemm op, Tensor?[] inputs, KernelContext context)
    {
        float[] result = new float[context.Output.Count];
        DenseProduct.Accumulate(View(inputs[0]!, op.TransA), View(inputs[1]!, op.TransB), result, 0, context.Threads);
        Combine(result, op, inputs.ElementAtOrDefault(2), context.Output);
        return Tensor.Of(context.Output, result);
    }

    private static MatrixView View(Tensor t, bool transposed)
    {
        var view = MatrixView.RowMajor(t.Array<float>(), 0, t.Shape[0], t.Shape[1]);
        return transposed ? view.Transposed : view;
    }

    private static Tensor Scalar<T>(Operators.Gemm op, Tensor?[] inputs, KernelContext context) where T : unmanaged, INumber<T>
    {
        Tensor a = inputs[0]!, b = inputs[1]!;
        T[] result = new T[context.Output.Count];
        int depth = a.Shape[op.TransA ? 0 : 1];
        ScalarProduct.Accumulate<T>(a.Span<T>(), b.Span<T>(), result, (context.Output[0], depth, context.Output[1]),
            op.TransA ? (1, a.Shape[1]) : (a.Shape[1], 1), op.TransB ? (1, b.Shape[1]) : (b.Shape[1], 1));
        Combine(result, op, inputs.ElementAtOrDefault(2), context.Output);
        return Tensor.Of(context.Output, result);
    }

    /// <summary>alpha·result + beta·C, C repeated to the result's shape.</summary>
    private static void Combine<T>(T[] result, Operators.Gemm op, Tensor? c, Shape shape) where T : unmanaged, INumber<T>
    {
        if (op.Alpha != 1)
            foreach (ref T cell in result.AsSpan()) cell = Scaled(cell, op.Alpha);
        if (c is null) return;
        if (c.Shape.Rank > 2 || Shape.Broadcast(c.Shape, shape) != shape)
            throw new ModelException($"C of shape {c.Shape} does not broadcast to {shape}");
        T[] addend = c.Array<T>();
        int[] strides = Strides.Broadcast(c.Shape, shape);
        for (int i = 0, at = 0; i < shape[0]; i++)
            for (int j = 0; j < shape[1]; j++, at++)
                result[at] += Scaled(addend[i * strides[0] + j * strides[1]], op.Beta);
    }

    private static T Scaled<T>(T x, float factor) where T : INumber<T> =>
        factor == 1 ? x : typeof(T) == typeof(float) ? x * T.CreateTruncating(factor) : T.CreateTruncating(double.CreateTruncating(x) * factor);
}
