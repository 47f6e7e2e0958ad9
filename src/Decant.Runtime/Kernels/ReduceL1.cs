using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX ReduceL1 on every integer and floating-point type.</summary>
internal readonly struct ReduceL1 : IReduction
{
    public static Tensor Run(Operators.ReduceL1 op, Tensor?[] inputs, KernelContext context) => Reducing.Run<ReduceL1>(op, inputs, context);

    public static T Seed<T>() where T : unmanaged, INumber<T> => T.Zero;

    public static T Add<T>(T found, T x) where T : unmanaged, INumber<T> => unchecked(found + Abs.Apply(x));

    public static Vector<T> Add<T>(Vector<T> found, Vector<T> x) where T : unmanaged, INumber<T> => found + Vector.Abs(x);

    public static T Join<T>(T a, T b) where T : unmanaged, INumber<T> => unchecked(a + b);
}
