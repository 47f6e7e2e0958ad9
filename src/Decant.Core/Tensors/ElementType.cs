namespace Decant.Core;

/// <summary>The type of a tensor's elements, numbered as in ONNX's TensorProto.DataType.</summary>
public enum ElementType : byte
{
    /// <summary>Not known.</summary>
    Unknown = 0,
    /// <summary>IEEE 754 binary32; <see cref="float"/>.</summary>
    Float32 = 1,
    /// <summary><see cref="byte"/>.</summary>
    UInt8 = 2,
    /// <summary><see cref="sbyte"/>.</summary>
    Int8 = 3,
    /// <summary><see cref="ushort"/>.</summary>
    UInt16 = 4,
    /// <summary><see cref="short"/>.</summary>
    Int16 = 5,
    /// <summary><see cref="int"/>.</summary>
    Int32 = 6,
    /// <summary><see cref="long"/>.</summary>
    Int64 = 7,
    /// <summary><see cref="bool"/>.</summary>
    Bool = 9,
    /// <summary>IEEE 754 binary16; <see cref="Half"/>.</summary>
    Float16 = 10,
    /// <summary>IEEE 754 binary64; <see cref="double"/>.</summary>
    Float64 = 11,
    /// <summary><see cref="uint"/>.</summary>
    UInt32 = 12,
    /// <summary><see cref="ulong"/>.</summary>
    UInt64 = 13,
    /// <summary>4-bit unsigned, held one a <see cref="byte"/>.</summary>
    UInt4 = 21,
    /// <summary>4-bit signed, held one an <see cref="sbyte"/>.</summary>
    Int4 = 22,
}
