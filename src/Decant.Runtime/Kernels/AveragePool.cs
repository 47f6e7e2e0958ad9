using System.Numerics;
using Decant.Runtime.Windows;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX AveragePool on floating-point tensors.</summary>
internal static class AveragePool
{
    public static Tensor Run(Operators.AveragePool op, Tensor?[] inputs, KernelContext context) => inputs[0]!.Type switch
    {
        ElementType.Float32 => Run<float>(op, inputs[0]!, context),
        ElementType.Float64 => Run<double>(op, inputs[0]!, context),
        var type => throw new ModelException($"an input of {type}; floating-point types are possible"),
    };

    private static Tensor Run<T>(Operators.AveragePool op, Tensor x, KernelContext context) where T : unmanaged, INumber<T>
    {
        Tensor y = Tensor.Zeros(x.Type, context.Output);
        if (y.Count == 0) return y;
        var window = new WindowGeometry(op.Window, x.Shape, op.Window.Kernel.AsSpan());
        T[] from = x.Array<T>(), to = y.Array<T>();
        context.Threads.For(y.Count / window.OutputPlane, plane =>
        {
            ReadOnlySpan<T> input = from.AsSpan(plane * window.InputPlane, window.InputPlane);
            for (int i = 0; i < window.OutputPlane; i++) to[plane * window.OutputPlane + i] = Mean(window, input, i, op.CountIncludePad);
        });
        return y;
    }

    private static T Mean<T>(WindowGeometry window, ReadOnlySpan<T> x, int output, bool countPadding) where T : unmanaged, INumber<T>
    {
        var (row, column) = Math.DivRem(output, window.OutputWidth);
        T sum = T.Zero;
        long count = 0;
        for (int outer = 0; outer < window.OuterTaps && !x.IsEmpty; outer++)
        {
            int start = window.InputRows[outer * window.OutputRows + row];
            for (int tap = 0; tap < window.RowTaps && start >= 0; tap++)
            {
                int at = window.Column(column, tap);
                if (at < 0 || at >= window.InputWidth) continue;
                sum += x[start + at];
                count++;
            }
        }
        return sum / T.CreateChecked(countPadding ? window.PaddedTaps(row, column) : count);
    }
}
