using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX GreaterOrEqual on every integer and floating-point type.</summary>
internal readonly struct GreaterOrEqual : IComparison
{
    public static Tensor Run(Operators.GreaterOrEqual op, Tensor?[] inputs, KernelContext context) => Comparing.Run<GreaterOrEqual>(inputs, context);

    public static bool Holds<T>(T x, T y) where T : unmanaged, INumber<T> => x >= y;
}
