using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX ReduceMax on every integer and floating-point type and bools; NaN wins.</summary>
internal readonly struct ReduceMax : IReduction
{
    public static Tensor Run(Operators.ReduceMax op, Tensor?[] inputs, KernelContext context) => Reducing.Run<ReduceMax>(op, inputs, context);

    public static T Seed<T>() where T : unmanaged, INumber<T> => T.CreateSaturating(double.NegativeInfinity);

    public static T Add<T>(T found, T x) where T : unmanaged, INumber<T> => T.Max(found, x);

    public static Vector<T> Add<T>(Vector<T> found, Vector<T> x) where T : unmanaged, INumber<T> => Vector.Max(found, x);

    public static T Join<T>(T a, T b) where T : unmanaged, INumber<T> => T.Max(a, b);
}
