using System.Numerics;
using Decant.Runtime.Windows;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX LpPool on floating-point tensors; sums are in double precision.</summary>
internal static class LpPool
{
    public static Tensor Run(Operators.LpPool op, Tensor?[] inputs, KernelContext context) => inputs[0]!.Type switch
    {
        ElementType.Float32 => Run<float>(op, inputs[0]!, context),
        ElementType.Float64 => Run<double>(op, inputs[0]!, context),
        var type => throw new ModelException($"an input of {type}; floating-point types are possible"),
    };

    private static Tensor Run<T>(Operators.LpPool op, Tensor x, KernelContext context) where T : unmanaged, INumber<T>
    {
        Tensor y = Tensor.Zeros(x.Type, context.Output);
        if (y.Count == 0) return y;
        var window = new WindowGeometry(op.Window, x.Shape, op.Window.Kernel.AsSpan());
        T[] from = x.Array<T>(), to = y.Array<T>();
        context.Threads.For(y.Count / window.OutputPlane, plane =>
        {
            ReadOnlySpan<T> input = from.AsSpan(plane * window.InputPlane, window.InputPlane);
            for (int i = 0; i < window.OutputPlane; i++) to[plane * window.OutputPlane + i] = T.CreateTruncating(Norm(window, input, i, op.Power));
        });
        return y;
    }

    private static double Norm<T>(WindowGeometry window, ReadOnlySpan<T> x, int output, int power) where T : unmanaged, INumber<T>
    {
        var (row, column) = Math.DivRem(output, window.OutputWidth);
        double sum = 0;
        for (int outer = 0; outer < window.OuterTaps && !x.IsEmpty; outer++)
        {
            int start = window.InputRows[outer * window.OutputRows + row];
            for (int tap = 0; tap < window.RowTaps && start >= 0; tap++)
            {
                int at = window.Column(column, tap);
                if (at < 0 || at >= window.InputWidth) continue;
                double value = Math.Abs(double.CreateTruncating(x[start + at]));
                sum += power == 2 ? value * value : power == 1 ? value : Math.Pow(value, power);
            }
        }
        return power == 2 ? Math.Sqrt(sum) : power == 1 ? sum : Math.Pow(sum, 1.0 / power);
    }
}
