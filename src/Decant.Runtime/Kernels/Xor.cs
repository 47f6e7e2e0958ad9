namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Xor.</summary>
internal readonly struct Xor : ILogic
{
    public static Tensor Run(Operators.Xor op, Tensor?[] inputs, KernelContext context) => Logic.Run<Xor>(inputs, context);

    public static bool Apply(bool x, bool y) => x ^ y;
}
