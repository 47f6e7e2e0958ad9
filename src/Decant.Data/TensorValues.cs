using Decant.Core;

namespace Decant.Data;

/// <summary>Elements of tensors of any type as they are computed with.</summary>
public static class TensorValues
{
    /// <summary>Whether elements of a type are values: floats, integers or booleans.</summary>
    public static bool AreValues(ElementType type) => type == ElementType.Bool || type.IsFloat() || type.IsInteger();

    /// <summary>All elements; booleans as 0 and 1.</summary>
    /// <exception cref="DataException">They are no values.</exception>
    public static double[] Of(Tensor tensor) =>
        tensor.Type switch
        {
            ElementType.Float32 => Array.ConvertAll(tensor.Array<float>(), v => (double)v),
            ElementType.Float64 => tensor.Array<double>(),
            ElementType.Float16 => Array.ConvertAll(tensor.Array<Half>(), v => (double)v),
            ElementType.Bool => Array.ConvertAll(tensor.Array<bool>(), v => v ? 1.0 : 0),
            ElementType.UInt8 => Array.ConvertAll(tensor.Array<byte>(), v => (double)v),
            ElementType.Int8 => Array.ConvertAll(tensor.Array<sbyte>(), v => (double)v),
            ElementType.UInt16 => Array.ConvertAll(tensor.Array<ushort>(), v => (double)v),
            ElementType.Int16 => Array.ConvertAll(tensor.Array<short>(), v => (double)v),
            ElementType.UInt32 => Array.ConvertAll(tensor.Array<uint>(), v => (double)v),
            ElementType.Int32 => Array.ConvertAll(tensor.Array<int>(), v => (double)v),
            ElementType.UInt64 => Array.ConvertAll(tensor.Array<ulong>(), v => (double)v),
            ElementType.Int64 => Array.ConvertAll(tensor.Array<long>(), v => (double)v),
            _ => throw new DataException($"{tensor} are neither floats nor integers nor booleans"),
        };
}
