using System.Numerics;
using Decant.Runtime.Windows;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX AveragePool on floating-point tensors.</summary>
internal static class AveragePool
{
    public static Tensor Run(Operators.AveragePool op, Tensor?[] inputs, KernelContext context) =>
        inputs[0]!.Type switch
        {
            ElementType.Float32 => Run<float>(op, inputs[0]!, context),
            ElementType.Float64 => Run<double>(op, inputs[0]!, context),
            var type => throw new ModelException($"an input of {type}; floating-point types are possible"),
        };

    private static Tensor Run<T>(Operators.AveragePool op, Tensor x, KernelContext context)
        where T : unmanaged, INumber<T>
    {
        Tensor y = Tensor.Zeros(x.Type, context.Output);
        if (y.Count == 0)
            return y;
        var window = new WindowGeometry(op.Window, x.Shape, op.Window.Kernel.AsSpan());
        T[] from = x.Array<T>(),
            to = y.Array<T>();
        context.Threads.For(y.Count / window.OutputPlane, plane =>
        {
            ReadOnlySpan<T> input = from.AsSpan(plane * window.InputPlane, window.InputPlane);
            for (int i = 0; i < window.OutputPlane; i++)
                to[plane * window.OutputPlane + i] = Mean(window, input, i, op.CountIncludePad);
        });
        return y;
    }

    private static T Mean<T>(WindowGeometry window, ReadOnlySpan<T> x, int output, bool countPadding)
        where T : unmanaged, INumber<T>
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
                if (at < 0 || at >= window.InputWidth)
                    continue;
                sum += x[start + at];
                count++;
            }
        }
        return sum / T.CreateChecked(countPadding ? window.PaddedTaps(row, column) : count);
    }
}

/// <summary>
/// Computes ONNX MaxPool on floating-point and 8-bit tensors; output 1, where named, holds each maximum's place in the
/// input. NaN wins.
/// </summary>
internal static class MaxPool
{
    public static Tensor[] Run(Operators.MaxPool op, Tensor?[] inputs, KernelContext context) =>
        inputs[0]!.Type switch
        {
            ElementType.Float32 => Run<float>(op, inputs[0]!, context),
            ElementType.Float64 => Run<double>(op, inputs[0]!, context),
            ElementType.Float16 => Run<Half>(op, inputs[0]!, context),
            ElementType.UInt8 => Run<byte>(op, inputs[0]!, context),
            ElementType.Int8 => Run<sbyte>(op, inputs[0]!, context),
            var type => throw new ModelException(
                $"an input of {type}; floating-point and 8-bit integer types are possible"
            ),
        };

    private static Tensor[] Run<T>(Operators.MaxPool op, Tensor x, KernelContext context)
        where T : unmanaged, INumber<T>
    {
        Tensor y = Tensor.Zeros(x.Type, context.Output),
            places = Tensor.Zeros(ElementType.Int64, context.Wanted > 1 ? y.Shape : new Shape(0));
        Tensor[] result = context.Wanted > 1 ? [y, places] : [y];
        if (y.Count == 0)
            return result;
        var window = new WindowGeometry(op.Window, x.Shape, op.Window.Kernel.AsSpan());
        T[] from = x.Array<T>(),
            to = y.Array<T>();
        long[] at = places.Array<long>();
        context.Threads.For(y.Count / window.OutputPlane, plane =>
        {
            ReadOnlySpan<T> input = from.AsSpan(plane * window.InputPlane, window.InputPlane);
            for (int i = 0; i < window.OutputPlane; i++)
            {
                (to[plane * window.OutputPlane + i], int place) = Max(window, input, i);
                if (at.Length > 0)
                    at[plane * window.OutputPlane + i] =
                        (long)plane * window.InputPlane + Place(op, window.Input, place);
            }
        });
        return result;
    }

    private static (T Max, int Place) Max<T>(WindowGeometry window, ReadOnlySpan<T> x, int output)
        where T : unmanaged, INumber<T>
    {
        var (row, column) = Math.DivRem(output, window.OutputWidth);
        T max = T.CreateSaturating(double.NegativeInfinity);
        int place = -1;
        for (int outer = 0; outer < window.OuterTaps && !x.IsEmpty; outer++)
        {
            int start = window.InputRows[outer * window.OutputRows + row];
            for (int tap = 0; tap < window.RowTaps && start >= 0; tap++)
            {
                int at = window.Column(column, tap);
                if (at < 0 || at >= window.InputWidth)
                    continue;
                T value = x[start + at];
                if (value > max || place < 0 || T.IsNaN(value))
                    (max, place) = (value, start + at);
                if (T.IsNaN(max))
                    return (max, place);
            }
        }
        return (max, place);
    }

    /// <summary>
    /// A place in a plane, counted along the last axis first, or along the first axis first if storage_order is 1.
    /// </summary>
    private static long Place(Operators.MaxPool op, ReadOnlySpan<int> extents, int place)
    {
        if (!op.ColumnMajor || place < 0)
            return place;
        long result = 0;
        for (int axis = extents.Length - 1, rest = place; axis >= 0; axis--)
        {
            (rest, int at) = Math.DivRem(rest, extents[axis]);
            result = result * extents[axis] + at;
        }
        return result;
    }
}

/// <summary>Computes ONNX LpPool on floating-point tensors; sums are in double precision.</summary>
internal static class LpPool
{
    public static Tensor Run(Operators.LpPool op, Tensor?[] inputs, KernelContext context) =>
        inputs[0]!.Type switch
        {
            ElementType.Float32 => Run<float>(op, inputs[0]!, context),
            ElementType.Float64 => Run<double>(op, inputs[0]!, context),
            var type => throw new ModelException($"an input of {type}; floating-point types are possible"),
        };

    private static Tensor Run<T>(Operators.LpPool op, Tensor x, KernelContext context)
        where T : unmanaged, INumber<T>
    {
        Tensor y = Tensor.Zeros(x.Type, context.Output);
        if (y.Count == 0)
            return y;
        var window = new WindowGeometry(op.Window, x.Shape, op.Window.Kernel.AsSpan());
        T[] from = x.Array<T>(),
            to = y.Array<T>();
        context.Threads.For(y.Count / window.OutputPlane, plane =>
        {
            ReadOnlySpan<T> input = from.AsSpan(plane * window.InputPlane, window.InputPlane);
            for (int i = 0; i < window.OutputPlane; i++)
                to[plane * window.OutputPlane + i] = T.CreateTruncating(Norm(window, input, i, op.Power));
        });
        return y;
    }

    private static double Norm<T>(WindowGeometry window, ReadOnlySpan<T> x, int output, int power)
        where T : unmanaged, INumber<T>
    {
        var (row, column) = Math.DivRem(output, window.OutputWidth);
        double sum = 0;
        for (int outer = 0; outer < window.OuterTaps && !x.IsEmpty; outer++)
        {
            int start = window.InputRows[outer * window.OutputRows + row];
            for (int tap = 0; tap < window.RowTaps && start >= 0; tap++)
            {
                int at = window.Column(column, tap);
                if (at < 0 || at >= window.InputWidth)
                    continue;
                double value = Math.Abs(double.CreateTruncating(x[start + at]));
                sum +=
                    power == 2 ? value * value
                    : power == 1 ? value
                    : Math.Pow(value, power);
            }
        }
        return power == 2 ? Math.Sqrt(sum)
            : power == 1 ? sum
            : Math.Pow(sum, 1.0 / power);
    }
}

/// <summary>Computes ONNX GlobalAveragePool on floating-point tensors; sums are in double precision.</summary>
internal static class GlobalAveragePool
{
    public static Tensor Run(Operators.GlobalAveragePool op, Tensor?[] inputs, KernelContext context) =>
        inputs[0]!.Type switch
        {
            ElementType.Float32 => Run<float>(inputs[0]!, context),
            ElementType.Float64 => Run<double>(inputs[0]!, context),
            var type => throw new ModelException($"an input of {type}; floating-point types are possible"),
        };

    private static Tensor Run<T>(Tensor x, KernelContext context)
        where T : unmanaged, INumber<T>
    {
        Tensor y = Tensor.Zeros(x.Type, context.Output);
        int plane = (int)x.Shape.CountFrom(2);
        T[] from = x.Array<T>(),
            to = y.Array<T>();
        for (int i = 0; i < to.Length; i++)
        {
            double sum = 0;
            foreach (T value in from.AsSpan(i * plane, plane))
                sum += double.CreateTruncating(value);
            to[i] = T.CreateTruncating(sum / plane);
        }
        return y;
    }
}

/// <summary>Computes ONNX GlobalMaxPool on floating-point tensors. NaN wins.</summary>
internal static class GlobalMaxPool
{
    public static Tensor Run(Operators.GlobalMaxPool op, Tensor?[] inputs, KernelContext context) =>
        inputs[0]!.Type switch
        {
            ElementType.Float32 => Run<float>(inputs[0]!, context),
            ElementType.Float64 => Run<double>(inputs[0]!, context),
            ElementType.Float16 => Run<Half>(inputs[0]!, context),
            var type => throw new ModelException($"an input of {type}; floating-point types are possible"),
        };

    private static Tensor Run<T>(Tensor x, KernelContext context)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor y = Tensor.Zeros(x.Type, context.Output);
        int plane = (int)x.Shape.CountFrom(2);
        T[] from = x.Array<T>(),
            to = y.Array<T>();
        for (int i = 0; i < to.Length; i++)
        {
            T max = T.NegativeInfinity;
            foreach (T value in from.AsSpan(i * plane, plane))
                max = T.Max(max, value);
            to[i] = max;
        }
        return y;
    }
}
