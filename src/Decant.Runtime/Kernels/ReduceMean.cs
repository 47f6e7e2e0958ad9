using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX ReduceMean on every integer and floating-point type; of integers toward zero.</summary>
internal readonly struct ReduceMean : IReduction
{
    public static Tensor Run(Operators.ReduceMean op, Tensor?[] inputs, KernelContext context) => Reducing.Run<ReduceMean>(op, inputs, context);

    public static T Seed<T>() where T : unmanaged, INumber<T> => T.Zero;

    public static T Add<T>(T found, T x) where T : unmanaged, INumber<T> => unchecked(found + x);

    public static Vector<T> Add<T>(Vector<T> found, Vector<T> x) where T : unmanaged, INumber<T> => found + x;

    public static T Join<T>(T a, T b) where T : unmanaged, INumber<T> => unchecked(a + b);

    public static T Finish<T>(T found, long count) where T : unmanaged, INumber<T> => count == 0 && T.IsZero(T.One / (T.One + T.One)) ? T.Zero : found / T.CreateTruncating(count);
}
