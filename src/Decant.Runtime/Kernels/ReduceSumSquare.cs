using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX ReduceSumSquare on every integer and floating-point type.</summary>
internal readonly struct ReduceSumSquare : IReduction
{
    public static Tensor Run(Operators.ReduceSumSquare op, Tensor?[] inputs, KernelContext context) => Reducing.Run<ReduceSumSquare>(op, inputs, context);

    public static T Seed<T>() where T : unmanaged, INumber<T> => T.Zero;

    public static T Add<T>(T found, T x) where T : unmanaged, INumber<T> => unchecked(found + x * x);

    public static Vector<T> Add<T>(Vector<T> found, Vector<T> x) where T : unmanaged, INumber<T> => found + x * x;

    public static T Join<T>(T a, T b) where T : unmanaged, INumber<T> => unchecked(a + b);
}
