using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Relu on floating-point and signed integer types; NaN stays NaN.</summary>
internal readonly struct Relu : INumberFunction
{
    public static Tensor Run(Operators.Relu op, Tensor?[] inputs, KernelContext context) => inputs[0]!.Type
        is ElementType.Float32 or ElementType.Float64 or ElementType.Float16 or ElementType.Int8 or ElementType.Int16 or ElementType.Int32 or ElementType.Int64
        ? NumberFunctions.Run<Relu>(inputs[0]!, context)
        : throw new ModelException($"an input of {inputs[0]!.Type}; Relu takes floating-point and signed integer types");

    public static T Apply<T>(T x) where T : unmanaged, INumber<T> => x < T.Zero ? T.Zero : x;

    public static Vector<T> Apply<T>(Vector<T> x) where T : unmanaged, INumber<T> =>
        Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), Vector<T>.Zero, x);
}
