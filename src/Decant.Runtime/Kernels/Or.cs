namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Or.</summary>
internal readonly struct Or : ILogic
{
    public static Tensor Run(Operators.Or op, Tensor?[] inputs, KernelContext context) => Logic.Run<Or>(inputs, context);

    public static bool Apply(bool x, bool y) => x | y;
}
