using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Sigmoid, 1/(1 + e^-x).</summary>
internal readonly struct Sigmoid : IFunction
{
    public static Tensor Run(Operators.Sigmoid op, Tensor?[] inputs, KernelContext context) => Elementwise.Run<Sigmoid>(inputs[0]!, context);

    public static T Apply<T>(T x) where T : IFloatingPointIeee754<T> => T.One / (T.One + T.Exp(-x));
}
