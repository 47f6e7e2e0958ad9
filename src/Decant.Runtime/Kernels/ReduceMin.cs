using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX ReduceMin on every integer and floating-point type and bools; NaN wins.</summary>
internal readonly struct ReduceMin : IReduction
{
    public static Tensor Run(Operators.ReduceMin op, Tensor?[] inputs, KernelContext context) => Reducing.Run<ReduceMin>(op, inputs, context);

    public static T Seed<T>() where T : unmanaged, INumber<T> => T.CreateSaturating(double.PositiveInfinity);

    public static T Add<T>(T found, T x) where T : unmanaged, INumber<T> => T.Min(found, x);

    public static Vector<T> Add<T>(Vector<T> found, Vector<T> x) where T : unmanaged, INumber<T> => Vector.Min(found, x);

    public static T Join<T>(T a, T b) where T : unmanaged, INumber<T> => T.Min(a, b);
}
