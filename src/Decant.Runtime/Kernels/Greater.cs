using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Greater on every integer and floating-point type.</summary>
internal readonly struct Greater : IComparison
{
    public static Tensor Run(Operators.Greater op, Tensor?[] inputs, KernelContext context) => Comparing.Run<Greater>(inputs, context);

    public static bool Holds<T>(T x, T y) where T : unmanaged, INumber<T> => x > y;
}
