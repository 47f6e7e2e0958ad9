using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Equal on every integer and floating-point type and bools.</summary>
internal readonly struct Equal : IComparison, ILogic
{
    public static Tensor Run(Operators.Equal op, Tensor?[] inputs, KernelContext context) => inputs[0]!.Type == ElementType.Bool
        ? Logic.Run<Equal>(inputs, context)
        : Comparing.Run<Equal>(inputs, context);

    public static bool Holds<T>(T x, T y) where T : unmanaged, INumber<T> => x == y;

    public static bool Apply(bool x, bool y) => x == y;
}
