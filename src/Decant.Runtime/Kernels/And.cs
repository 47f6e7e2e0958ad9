namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX And.</summary>
internal readonly struct And : ILogic
{
    public static Tensor Run(Operators.And op, Tensor?[] inputs, KernelContext context) => Logic.Run<And>(inputs, context);

    public static bool Apply(bool x, bool y) => x & y;
}
