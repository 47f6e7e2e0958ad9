using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX LogSoftmax along one axis as x − max − ln Σ e^(x − max).</summary>
internal readonly struct LogSoftmax : IRowFunction
{
    public static Tensor Run(Operators.LogSoftmax op, Tensor?[] inputs, KernelContext context) => AxisRows.Run<LogSoftmax>(inputs[0]!, op.Axis, context);

    public static void Apply<T>(Span<T> row, int extent, int step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T max = T.NegativeInfinity, sum = T.Zero;
        for (int i = 0; i < extent; i++) max = T.Max(max, row[i * step]);
        for (int i = 0; i < extent; i++) sum += T.Exp(row[i * step] - max);
        T norm = T.Log(sum);
        for (int i = 0; i < extent; i++) row[i * step] = row[i * step] - max - norm;
    }
}
