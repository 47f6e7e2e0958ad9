using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Between numbers and the integers that stand for them.</summary>
internal static class Quantizing
{
    private const int Grain = 1 << 14;

    /// <summary>round(x/scale) + zero point, halves to even, held within an integer type.</summary>
    /// <param name="x">Float32 or Float64.</param>
    /// <param name="scale">The scales, of any floating-point type.</param>
    /// <param name="zeroPoint">As many zero points; null for 0.</param>
    /// <param name="scaling">How the scales lie over x.</param>
    /// <param name="to">The integer type.</param>
    /// <param name="context">How to spread the work.</param>
    public static Tensor Quantize(
        Tensor x,
        Tensor scale,
        Tensor? zeroPoint,
        Operators.Scaling scaling,
        ElementType to,
        KernelContext context
    )
    {
        CheckZeroPoint(scale, zeroPoint);
        return x.Type == ElementType.Float32
            ? NumericTypes.Run(
                to,
                new Rounded<float>(
                    x,
                    Casting.Convert(scale, x.Type, context),
                    Integers(zeroPoint, context),
                    scaling,
                    to,
                    context
                )
            )
            : NumericTypes.Run(
                to,
                new Rounded<double>(
                    x,
                    Casting.Convert(scale, x.Type, context),
                    Integers(zeroPoint, context),
                    scaling,
                    to,
                    context
                )
            );
    }

    /// <summary>(x − zero point)·scale in Float32.</summary>
    public static Tensor Dequantize(
        Tensor x,
        Tensor scale,
        Tensor? zeroPoint,
        Operators.Scaling scaling,
        KernelContext context
    )
    {
        CheckZeroPoint(scale, zeroPoint);
        return NumericTypes.Run(
            x.Type,
            new Scaled(
                x,
                Casting.Convert(scale, ElementType.Float32, context),
                Integers(zeroPoint, context),
                scaling,
                context
            )
        );
    }

    /// <summary>
    /// 8-bit integers less their zero point, which is broadcast to them, as Int32 in an array of their own.
    /// </summary>
    public static Tensor Centered(Tensor x, Tensor? zeroPoint, KernelContext context)
    {
        if (x.Type is not (ElementType.UInt8 or ElementType.Int8))
            throw new ModelException($"an input of {x}; it must hold 8-bit integers");
        Tensor wide = Casting.Convert(x, ElementType.Int32, context);
        if (zeroPoint is null)
            return wide;
        if (Shape.Broadcast(x.Shape, zeroPoint.Shape) != x.Shape)
            throw new ModelException($"a zero point of {zeroPoint} for {x}");
        return Broadcasting.Run<Sub>(wide, Casting.Convert(zeroPoint, ElementType.Int32, context), wide, context);
    }

    private static void CheckZeroPoint(Tensor scale, Tensor? zeroPoint)
    {
        if (zeroPoint is not null && zeroPoint.Count != scale.Count)
            throw new ModelException($"zero points of shape {zeroPoint.Shape} for scales of shape {scale.Shape}");
    }

    private static long[]? Integers(Tensor? zeroPoint, KernelContext context) =>
        zeroPoint is null ? null : Casting.Convert(zeroPoint, ElementType.Int64, context).Array<long>();

    /// <summary>
    /// Visits runs of neighbours: where each begins, its length, its first scale; scales go on with it by the inner
    /// step.
    /// </summary>
    private static void Each(Operators.Scaling s, KernelContext context, Action<int, int, int> body) =>
        context.Threads.Ranges(checked(s.Outer * s.Extent), Math.Max(1, Grain / Math.Max(1, s.Inner)), (first, end) =>
        {
            for (int run = first; run < end; run++)
            {
                (int o, int a) = Math.DivRem(run, s.Extent);
                body(run * s.Inner, s.Inner, o * s.OuterStep + a / s.Block * s.Step);
            }
        });

    private readonly record struct Rounded<TReal>(
        Tensor X,
        Tensor Scale,
        long[]? Zero,
        Operators.Scaling Scaling,
        ElementType To,
        KernelContext Context
    ) : INumericKernel
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        public Tensor Run<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            Tensor result = Tensor.Zeros(To, Context.Output);
            var (from, scales, zero, scaling, to) = (
                X.Array<TReal>(),
                Scale.Array<TReal>(),
                Zero,
                Scaling,
                result.Array<T>()
            );
            var (least, greatest) = To.IntegerRange();
            TReal low = TReal.CreateTruncating(least),
                high = TReal.CreateTruncating(greatest);
            Each(scaling, Context, (at, count, scale) =>
            {
                for (int i = 0; i < count; i++)
                {
                    int s = scale + i * scaling.InnerStep;
                    TReal offset = zero is null ? TReal.Zero : TReal.CreateTruncating(zero[s]);
                    to[at + i] = T.CreateSaturating(
                        TReal.Clamp(TReal.Round(from[at + i] / scales[s]) + offset, low, high)
                    );
                }
            });
            return result;
        }
    }

    private readonly record struct Scaled(
        Tensor X,
        Tensor Scale,
        long[]? Zero,
        Operators.Scaling Scaling,
        KernelContext Context
    ) : INumericKernel
    {
        public Tensor Run<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            Tensor result = Tensor.Zeros(ElementType.Float32, Context.Output);
            var (from, scales, zero, scaling, to) = (
                X.Array<T>(),
                Scale.Array<float>(),
                Zero,
                Scaling,
                result.Array<float>()
            );
            Each(scaling, Context, (at, count, scale) =>
            {
                for (int i = 0; i < count; i++)
                {
                    int s = scale + i * scaling.InnerStep;
                    to[at + i] = (long.CreateTruncating(from[at + i]) - (zero is null ? 0 : zero[s])) * scales[s];
                }
            });
            return result;
        }
    }
}

/// <summary>Computes ONNX QuantizeLinear to integers of 4 to 32 bits, in single precision.</summary>
internal static class QuantizeLinear
{
    public static Tensor Run(Operators.QuantizeLinear op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!,
            scale = inputs[1]!;
        Tensor? zeroPoint = inputs.ElementAtOrDefault(2);
        return Quantizing.Quantize(
            Casting.Convert(x, ElementType.Float32, context),
            scale,
            zeroPoint,
            Operators.Scaling.Of(x.Shape, scale.Shape, op.Axis, op.Block),
            op.To(zeroPoint?.Type),
            context
        );
    }
}

/// <summary>Computes ONNX DequantizeLinear, in single precision.</summary>
internal static class DequantizeLinear
{
    public static Tensor Run(Operators.DequantizeLinear op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!,
            scale = inputs[1]!;
        if (x.Type.IsFloat() || x.Type == ElementType.Bool)
            throw new ModelException($"an input of {x.Type}; the codes of a quantized input are integers");
        Operators.Scaling scaling = Operators.Scaling.Of(x.Shape, scale.Shape, op.Axis, op.Block);
        return Casting.Convert(
            Quantizing.Dequantize(x, scale, inputs.ElementAtOrDefault(2), scaling, context),
            op.To(scale.Type),
            context
        );
    }
}

/// <summary>Computes ONNX DynamicQuantizeLinear on Float32.</summary>
internal static class DynamicQuantizeLinear
{
    public static Tensor[] Run(Operators.DynamicQuantizeLinear op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!;
        if (x.Type != ElementType.Float32)
            throw new ModelException($"an input of {x.Type}; it must be Float32");
        float low = 0,
            high = 0;
        foreach (float v in x.Span<float>())
            (low, high) = (MathF.Min(low, v), MathF.Max(high, v));
        // Where all are 0 any scale says so.
        float scale = high > low ? (high - low) / byte.MaxValue : 1;
        Tensor scales = Tensor.Scalar(scale),
            zero = Tensor.Scalar((byte)Math.Clamp(MathF.Round(-low / scale), 0, byte.MaxValue));
        return
        [
            Quantizing.Quantize(
                x,
                scales,
                zero,
                Operators.Scaling.Of(x.Shape, Shape.Scalar, 0, 0),
                ElementType.UInt8,
                context
            ),
            scales,
            zero,
        ];
    }
}
