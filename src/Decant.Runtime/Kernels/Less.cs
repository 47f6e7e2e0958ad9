using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Less on every integer and floating-point type.</summary>
internal readonly struct Less : IComparison
{
    public static Tensor Run(Operators.Less op, Tensor?[] inputs, KernelContext context) => Comparing.Run<Less>(inputs, context);

    public static bool Holds<T>(T x, T y) where T : unmanaged, INumber<T> => x < y;
}
