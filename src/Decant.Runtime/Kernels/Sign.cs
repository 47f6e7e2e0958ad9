using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Sign on every integer and floating-point type.</summary>
internal readonly struct Sign : INumberFunction
{
    public static Tensor Run(Operators.Sign op, Tensor?[] inputs, KernelContext context) => NumberFunctions.Run<Sign>(inputs[0]!, context);

    public static T Apply<T>(T x) where T : unmanaged, INumber<T> => x > T.Zero ? T.One : x < T.Zero ? -T.One : x;

    public static Vector<T> Apply<T>(Vector<T> x) where T : unmanaged, INumber<T> => Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), Vector<T>.One,
        Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), -Vector<T>.One, x));
}
