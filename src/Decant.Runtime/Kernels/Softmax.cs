using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Softmax along one axis; the greatest number is taken off first, so that no exponential overflows.</summary>
internal readonly struct Softmax : IRowFunction
{
    public static Tensor Run(Operators.Softmax op, Tensor?[] inputs, KernelContext context) => AxisRows.Run<Softmax>(inputs[0]!, op.Axis, context);

    public static void Apply<T>(Span<T> row, int extent, int step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T max = T.NegativeInfinity, sum = T.Zero;
        for (int i = 0; i < extent; i++) max = T.Max(max, row[i * step]);
        for (int i = 0; i < extent; i++) sum += row[i * step] = T.Exp(row[i * step] - max);
        for (int i = 0; i < extent; i++) row[i * step] /= sum;
    }
}
