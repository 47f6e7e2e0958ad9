using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Abs on every integer and floating-point type.</summary>
internal readonly struct Abs : INumberFunction
{
    public static Tensor Run(Operators.Abs op, Tensor?[] inputs, KernelContext context) => NumberFunctions.Run<Abs>(inputs[0]!, context);

    public static T Apply<T>(T x) where T : unmanaged, INumber<T> => T.IsNegative(x) ? unchecked(-x) : x;

    public static Vector<T> Apply<T>(Vector<T> x) where T : unmanaged, INumber<T> => Vector.Abs(x);
}
