using Decant.Core;
using Decant.Torch;

namespace Decant.Training.Operators;

/// <summary>Converts as ONNX Cast does; types that libtorch lacks are held in wider ones.</summary>
internal static class Casting
{
    // The greatest double below 2^63.
    private const double GreatestLong = 9223372036854774784;
    private static readonly TorchOp NanToNum = new("aten::nan_to_num"), BitwiseAnd = new("aten::bitwise_and.Scalar");

    public static TorchTensor To(TorchTensor x, Core.ElementType type)
    {
        TorchType held = Held(type);
        if (type.IsFloat() || type == Core.ElementType.Bool) return x.Type == held ? x : x.To(held);
        return type switch
        {
            Core.ElementType.Int4 => BitwiseAnd.Call(Whole(x).Add(TorchTensor.Scalar(8L)), 15).Sub(TorchTensor.Scalar(8L)).To(held),
            Core.ElementType.UInt4 => BitwiseAnd.Call(Whole(x), 15).To(held),
            Core.ElementType.Int64 or Core.ElementType.UInt64 => Whole(x),
            _ when x.IsFloat() => Whole(x, type.IntegerRange().Least, type.IntegerRange().Greatest).To(held),
            Core.ElementType.UInt16 or Core.ElementType.UInt32 => BitwiseAnd.Call(Whole(x), type.IntegerRange().Greatest),
            _ => x.To(held),
        };
    }

    /// <summary>The type that libtorch holds an element type in.</summary>
    public static TorchType Held(Core.ElementType type) => type switch
    {
        Core.ElementType.Float32 => TorchType.Float32,
        Core.ElementType.Float64 => TorchType.Float64,
        Core.ElementType.Float16 => TorchType.Float16,
        Core.ElementType.Int32 => TorchType.Int32,
        Core.ElementType.Int16 => TorchType.Int16,
        Core.ElementType.Int8 or Core.ElementType.Int4 => TorchType.SByte,
        Core.ElementType.UInt8 or Core.ElementType.UInt4 => TorchType.Byte,
        Core.ElementType.Bool => TorchType.Boolean,
        Core.ElementType.Int64 or Core.ElementType.UInt16 or Core.ElementType.UInt32 or Core.ElementType.UInt64 => TorchType.Int64,
        _ => throw new ModelException($"libtorch has no tensors of {type}"),
    };

    /// <summary>As Int64: floats toward zero, held within bounds; what is no number is 0.</summary>
    private static TorchTensor Whole(TorchTensor x, double least = -GreatestLong, double greatest = GreatestLong) => x.IsFloat()
        ? NanToNum.Call(x.To(TorchType.Float64), 0.0, greatest, least).Clamp(least, greatest).To(TorchType.Int64)
        : x.To(TorchType.Int64);
}
