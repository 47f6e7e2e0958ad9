using Decant.Core;
using Decant.Torch;

namespace Decant.Training.Operators;

/// <summary>Between numbers and the integers that stand for them, as libtorch computes it.</summary>
internal static class Quantizing
{
    private static readonly TorchOp Repeat = new("aten::repeat_interleave.self_int");

    /// <summary>Scales, or zero points, as they broadcast to a tensor.</summary>
    public static TorchTensor Spread(TorchTensor numbers, TorchTensor x, long axis, long block)
    {
        Shape shape = Shapes.Of(x);
        Scaling scaling = Scaling.Of(shape, Shapes.Of(numbers), axis, block);
        if (block == 0) return scaling.Step == 0 ? numbers.Reshape() : PerChannel(numbers, x.Rank - shape.Axis(axis));
        int at = shape.Axis(axis);
        return Repeat.Call(numbers, block, at).Slice(at, 0, shape[at]);
    }

    /// <summary>Numbers along an axis that is so many from the end; one number as it is.</summary>
    public static TorchTensor PerChannel(TorchTensor numbers, int rank)
    {
        if (numbers.ElementCount == 1) return numbers.Reshape();
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
        if (zeroPoint is not null) rounded = rounded.Add(zeroPoint.To(x.Type));
        return rounded.Clamp(least, greatest).To(Casting.Held(to));
    }

    /// <summary>As <see cref="Round"/>, but in floats that gradients pass straight through where nothing is clipped.</summary>
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
