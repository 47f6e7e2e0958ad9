using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Neg on every integer and floating-point type.</summary>
internal readonly struct Neg : INumberFunction
{
    public static Tensor Run(Operators.Neg op, Tensor?[] inputs, KernelContext context) => NumberFunctions.Run<Neg>(inputs[0]!, context);

    public static T Apply<T>(T x) where T : unmanaged, INumber<T> => unchecked(-x);

    public static Vector<T> Apply<T>(Vector<T> x) where T : unmanaged, INumber<T> => -x;
}
