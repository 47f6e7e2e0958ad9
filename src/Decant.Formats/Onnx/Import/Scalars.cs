using Decant.Core;

namespace Decant.Formats.Onnx.Import;

/// <summary>Tensors of one element, of any type that numbers are computed in.</summary>
internal static class Scalars
{
    /// <summary>A number as an element of a type, without axes; whole for a type of integers.</summary>
    /// <exception cref="ModelException">There are no numbers of the type.</exception>
    public static Tensor Of(ElementType type, double value) =>
        type switch
        {
            ElementType.Float32 or ElementType.Float16 or ElementType.Unknown => Tensor.Scalar((float)value),
            ElementType.Float64 => Tensor.Scalar(value),
            ElementType.Int64 => Tensor.Scalar((long)value),
            ElementType.Int32 => Tensor.Scalar((int)value),
            ElementType.Int16 => Tensor.Scalar((short)value),
            ElementType.Int8 => Tensor.Scalar((sbyte)value),
            ElementType.UInt64 => Tensor.Scalar((ulong)value),
            ElementType.UInt32 => Tensor.Scalar((uint)value),
            ElementType.UInt16 => Tensor.Scalar((ushort)value),
            ElementType.UInt8 => Tensor.Scalar((byte)value),
            _ => throw new ModelException($"it takes {type}; a numeric type is expected"),
        };
}
