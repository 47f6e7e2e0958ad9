using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX LessOrEqual on every integer and floating-point type.</summary>
internal readonly struct LessOrEqual : IComparison
{
    public static Tensor Run(Operators.LessOrEqual op, Tensor?[] inputs, KernelContext context) => Comparing.Run<LessOrEqual>(inputs, context);

    public static bool Holds<T>(T x, T y) where T : unmanaged, INumber<T> => x <= y;
}
