using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Relu on floating-point and signed integer types; NaN stays NaN.</summary>
internal static class Relu
{
    public static Tensor Run(Operators.Relu op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!;
        return x.Type switch
        {
            ElementType.Float32 => Vectors<float>(x, context),
            ElementType.Float64 => Vectors<double>(x, context),
            ElementType.Float16 => Each<Half>(x),
            ElementType.Int8 => Vectors<sbyte>(x, context),
            ElementType.Int16 => Vectors<short>(x, context),
            ElementType.Int32 => Vectors<int>(x, context),
            ElementType.Int64 => Vectors<long>(x, context),
            _ => throw new ModelException($"an input of {x.Type}; Relu takes floating-point and signed integer types"),
        };
    }

    private static Tensor Each<T>(Tensor x) where T : unmanaged, INumber<T> => Tensor.Of(x.Shape, Array.ConvertAll(x.Array<T>(), Rectify));

    private static Tensor Vectors<T>(Tensor x, KernelContext context) where T : unmanaged, INumber<T>
    {
        Tensor result = Tensor.Zeros(x.Type, x.Shape);
        T[] from = x.Array<T>(), to = result.Array<T>();
        context.Threads.Ranges(from.Length, 1 << 16, (first, end) =>
        {
            int i = first;
            for (; i <= end - Vector<T>.Count; i += Vector<T>.Count)
            {
                var v = new Vector<T>(from, i);
                Vector.ConditionalSelect(Vector.LessThan(v, Vector<T>.Zero), Vector<T>.Zero, v).CopyTo(to, i);
            }
            for (; i < end; i++) to[i] = Rectify(from[i]);
        });
        return result;
    }

    private static T Rectify<T>(T x) where T : INumber<T> => x < T.Zero ? T.Zero : x;
}
