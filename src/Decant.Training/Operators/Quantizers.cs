using System.Collections.Immutable;
using Decant.Core;
using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

/// <summary>Between numbers and the integers that stand for them, as libtorch computes it.</summary>
internal static class Quantizing
{
    private static readonly TorchOp Repeat = new("aten::repeat_interleave.self_int");

    /// <summary>Scales, or zero points, as they broadcast to a tensor.</summary>
    public static TorchTensor Spread(TorchTensor numbers, TorchTensor x, long axis, long block)
    {
        Shape shape = Shapes.Of(x);
        Op.Scaling scaling = Op.Scaling.Of(shape, Shapes.Of(numbers), axis, block);
        if (block == 0)
            return scaling.Step == 0 ? numbers.Reshape() : PerChannel(numbers, x.Rank - shape.Axis(axis));
        int at = shape.Axis(axis);
        return Repeat.Call(numbers, block, at).Slice(at, 0, shape[at]);
    }

    /// <summary>Numbers along an axis that is so many from the end; one number as it is.</summary>
    public static TorchTensor PerChannel(TorchTensor numbers, int rank)
    {
        if (numbers.ElementCount == 1)
            return numbers.Reshape();
        var sizes = new long[rank];
        Array.Fill(sizes, 1);
        sizes[0] = numbers.ElementCount;
        return numbers.Reshape(sizes);
    }

    /// <summary>round(x/scale) + zero point, held within an integer type.</summary>
    public static TorchTensor Round(TorchTensor x, TorchTensor scale, TorchTensor? zeroPoint, Core.ElementType to)
    {
        var (least, greatest) = to.IntegerRange();
        TorchTensor rounded = x.Div(scale.To(x.Type)).Round();
        if (zeroPoint is not null)
            rounded = rounded.Add(zeroPoint.To(x.Type));
        return rounded.Clamp(least, greatest).To(Casting.Held(to));
    }

    /// <summary>
    /// As <see cref="Round"/>, but in floats that gradients pass straight through where nothing is clipped.
    /// </summary>
    public static TorchTensor Trained(TorchTensor x, TorchTensor scale, TorchTensor? zeroPoint, Core.ElementType to)
    {
        var (least, greatest) = to.IntegerRange();
        TorchTensor rounded = StraightThrough.Round(x.Div(scale.To(x.Type)));
        return (zeroPoint is null ? rounded : rounded.Add(zeroPoint.To(x.Type))).Clamp(least, greatest);
    }

    /// <summary>Integers less their zero point, in doubles, which hold their products exactly.</summary>
    public static TorchTensor Centered(TorchTensor x, TorchTensor? zeroPoint)
    {
        TorchTensor wide = x.To(TorchType.Float64);
        return zeroPoint is null ? wide : wide.Sub(zeroPoint.To(TorchType.Float64));
    }
}

internal static class QuantizeLinear
{
    public static TorchKernel Make(Op.QuantizeLinear op) =>
        x =>
        {
            TorchTensor? zeroPoint = x.Optional(2) is { } zero
                ? Quantizing.Spread(zero, x[0], op.Axis, op.Block)
                : null;
            TorchTensor scale = Quantizing.Spread(x[1], x[0], op.Axis, op.Block);
            if (x.Training)
                return Quantizing.Trained(
                    x[0].To(TorchType.Float32),
                    scale,
                    zeroPoint,
                    op.To(zeroPoint is null ? null : x.Types[2])
                );
            return Quantizing.Round(
                x[0].To(TorchType.Float32),
                scale,
                zeroPoint,
                op.To(zeroPoint is null ? null : x.Types[2])
            );
        };
}

internal static class DequantizeLinear
{
    public static TorchKernel Make(Op.DequantizeLinear op) =>
        x =>
        {
            // In training, integers come as floats that gradients pass.
            TorchType type = x.Training && x[0].Type == TorchType.Float32 ? TorchType.Float32 : TorchType.Int64;
            TorchTensor integers = x[0].To(type),
                scale = Quantizing.Spread(x[1], x[0], op.Axis, op.Block).To(TorchType.Float32);
            if (x.Optional(2) is { } zero)
                integers = integers.Sub(Quantizing.Spread(zero, x[0], op.Axis, op.Block).To(type));
            return Casting.To(integers.To(TorchType.Float32).Mul(scale), op.To(x.Types[1]));
        };
}

internal static class DynamicQuantizeLinear
{
    public static TorchTensor Run(TorchInputs x)
    {
        bool empty = x[0].ElementCount == 0;
        float low = empty ? 0 : MathF.Min(0, x[0].Min().ToSingle()),
            high = empty ? 0 : MathF.Max(0, x[0].Max().ToSingle());
        float scale = high > low ? (high - low) / byte.MaxValue : 1;
        TorchTensor scales = TorchTensor.Scalar(scale),
            zero = TorchTensor.Scalar((byte)Math.Clamp(MathF.Round(-low / scale), 0, byte.MaxValue));
        if (x.Wants(1))
            x.SetOutput(1, scales);
        if (x.Wants(2))
            x.SetOutput(2, zero);
        return Quantizing.Round(x[0], scales, zero, Core.ElementType.UInt8);
    }
}

/// <summary>Converts as ONNX Cast does; types that libtorch lacks are held in wider ones.</summary>
internal static class Casting
{
    // The greatest double below 2^63.
    private const double GreatestLong = 9223372036854774784;
    private static readonly TorchOp NanToNum = new("aten::nan_to_num"),
        BitwiseAnd = new("aten::bitwise_and.Scalar");

    public static TorchTensor To(TorchTensor x, Core.ElementType type)
    {
        TorchType held = Held(type);
        if (type.IsFloat() || type == Core.ElementType.Bool)
            return x.Type == held ? x : x.To(held);
        return type switch
        {
            Core.ElementType.Int4 => BitwiseAnd
                .Call(Whole(x).Add(TorchTensor.Scalar(8L)), 15)
                .Sub(TorchTensor.Scalar(8L))
                .To(held),
            Core.ElementType.UInt4 => BitwiseAnd.Call(Whole(x), 15).To(held),
            Core.ElementType.Int64 or Core.ElementType.UInt64 => Whole(x),
            _ when x.IsFloat() => Whole(x, type.IntegerRange().Least, type.IntegerRange().Greatest).To(held),
            Core.ElementType.UInt16 or Core.ElementType.UInt32 => BitwiseAnd.Call(
                Whole(x),
                type.IntegerRange().Greatest
            ),
            _ => x.To(held),
        };
    }

    /// <summary>The type that libtorch holds an element type in.</summary>
    public static TorchType Held(Core.ElementType type) =>
        type switch
        {
            Core.ElementType.Float32 => TorchType.Float32,
            Core.ElementType.Float64 => TorchType.Float64,
            Core.ElementType.Float16 => TorchType.Float16,
            Core.ElementType.Int32 => TorchType.Int32,
            Core.ElementType.Int16 => TorchType.Int16,
            Core.ElementType.Int8 or Core.ElementType.Int4 => TorchType.SByte,
            Core.ElementType.UInt8 or Core.ElementType.UInt4 => TorchType.Byte,
            Core.ElementType.Bool => TorchType.Boolean,
            Core.ElementType.Int64 or Core.ElementType.UInt16 or Core.ElementType.UInt32 or Core.ElementType.UInt64 =>
                TorchType.Int64,
            _ => throw new ModelException($"libtorch has no tensors of {type}"),
        };

    /// <summary>As Int64: floats toward zero, held within bounds; what is no number is 0.</summary>
    private static TorchTensor Whole(TorchTensor x, double least = -GreatestLong, double greatest = GreatestLong) =>
        x.IsFloat()
            ? NanToNum.Call(x.To(TorchType.Float64), 0.0, greatest, least).Clamp(least, greatest).To(TorchType.Int64)
            : x.To(TorchType.Int64);
}

internal static class Cast
{
    public static TorchKernel Make(Op.Cast op) => x => Casting.To(x[0], op.To);
}

internal static class CastLike
{
    public static TorchTensor Run(TorchInputs x) => Casting.To(x[0], x.Types[1]);
}

/// <summary>
/// Half-precision tensors, on which libtorch computes little on a processor, by way of single precision.
/// </summary>
internal static class HalfPrecision
{
    /// <summary>
    /// Runs a kernel with Float16 inputs widened, and narrows the outputs that the operator says are Float16.
    /// </summary>
    public static TorchTensor Run(TorchKernel kernel, TorchInputs inputs, ImmutableArray<TensorType?> outputs)
    {
        TorchInputs wide = inputs.Widened();
        TorchTensor result = kernel(wide);
        for (int i = 1; i <= wide.MoreOutputs.Length; i++)
            if (wide.MoreOutputs[i - 1] is { } more)
                inputs.SetOutput(i, Narrow(more, outputs[i]));
        return Narrow(result, outputs[0]);
    }

    private static TorchTensor Narrow(TorchTensor x, TensorType? type) =>
        type?.Type == Core.ElementType.Float16 && x.Type == TorchType.Float32 ? x.To(TorchType.Float16) : x;
}
