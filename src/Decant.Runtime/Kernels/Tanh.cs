using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Tanh.</summary>
internal readonly struct Tanh : IFunction
{
    public static Tensor Run(Operators.Tanh op, Tensor?[] inputs, KernelContext context) => Elementwise.Run<Tanh>(inputs[0]!, context);

    public static T Apply<T>(T x) where T : IFloatingPointIeee754<T> => T.Tanh(x);
}
