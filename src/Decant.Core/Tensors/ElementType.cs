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

/// <summary>What is known of each <see cref="ElementType"/>: its CLR type and its size.</summary>
public static class ElementTypes
{
    /// <summary>The CLR type that holds one element.</summary>
    /// <exception cref="ModelException">The type is not supported.</exception>
    public static Type ClrType(this ElementType type) =>
        type switch
        {
            ElementType.Float32 => typeof(float),
            ElementType.UInt8 or ElementType.UInt4 => typeof(byte),
            ElementType.Int8 or ElementType.Int4 => typeof(sbyte),
            ElementType.UInt16 => typeof(ushort),
            ElementType.Int16 => typeof(short),
            ElementType.Int32 => typeof(int),
            ElementType.Int64 => typeof(long),
            ElementType.Bool => typeof(bool),
            ElementType.Float16 => typeof(Half),
            ElementType.Float64 => typeof(double),
            ElementType.UInt32 => typeof(uint),
            ElementType.UInt64 => typeof(ulong),
            _ => throw new ModelException(
                $"element type {(int)type} is not supported; supported are float, integer, bool and half types"
            ),
        };

    /// <summary>Bytes one element takes in memory.</summary>
    public static int Size(this ElementType type) =>
        type switch
        {
            ElementType.UInt8 or ElementType.Int8 or ElementType.Bool or ElementType.UInt4 or ElementType.Int4 => 1,
            ElementType.UInt16 or ElementType.Int16 or ElementType.Float16 => 2,
            ElementType.Float32 or ElementType.Int32 or ElementType.UInt32 => 4,
            ElementType.Int64 or ElementType.UInt64 or ElementType.Float64 => 8,
            _ => throw new ModelException($"element type {(int)type} is not supported"),
        };

    /// <summary>The element type whose natural CLR type is <typeparamref name="T"/>.</summary>
    public static ElementType Of<T>()
        where T : unmanaged => Of(typeof(T));

    /// <summary>An uninitialized array of <paramref name="count"/> elements of the type's CLR type.</summary>
    public static Array NewArray(this ElementType type, int count) =>
        type switch
        {
            ElementType.Float32 => new float[count],
            ElementType.UInt8 or ElementType.UInt4 => new byte[count],
            ElementType.Int8 or ElementType.Int4 => new sbyte[count],
            ElementType.UInt16 => new ushort[count],
            ElementType.Int16 => new short[count],
            ElementType.Int32 => new int[count],
            ElementType.Int64 => new long[count],
            ElementType.Bool => new bool[count],
            ElementType.Float16 => new Half[count],
            ElementType.Float64 => new double[count],
            ElementType.UInt32 => new uint[count],
            ElementType.UInt64 => new ulong[count],
            _ => throw new ModelException($"element type {(int)type} is not supported"),
        };

    /// <summary>The element type of an ONNX number; 0 is <see cref="ElementType.Unknown"/>.</summary>
    /// <exception cref="ModelException">It is none of those supported.</exception>
    public static ElementType Checked(long number)
    {
        var type = (ElementType)(number is >= 0 and <= byte.MaxValue ? number : byte.MaxValue);
        if (type != ElementType.Unknown && !Enum.IsDefined(type))
            throw new ModelException(
                $"element type {number} is not supported; supported are float, integer, bool and half types"
            );
        return type;
    }

    /// <summary>Whether the elements are floating-point numbers.</summary>
    public static bool IsFloat(this ElementType type) =>
        type is ElementType.Float32 or ElementType.Float64 or ElementType.Float16;

    /// <summary>Whether the elements are integers of whole bytes.</summary>
    public static bool IsInteger(this ElementType type) =>
        type
            is ElementType.UInt8
                or ElementType.Int8
                or ElementType.UInt16
                or ElementType.Int16
                or ElementType.UInt32
                or ElementType.Int32
                or ElementType.UInt64
                or ElementType.Int64;

    /// <summary>The least and the greatest number of an integer type of at most 32 bits, 4-bit ones included.</summary>
    /// <exception cref="ModelException">It is another type.</exception>
    public static (long Least, long Greatest) IntegerRange(this ElementType type) =>
        type switch
        {
            ElementType.UInt4 => (0, 15),
            ElementType.Int4 => (-8, 7),
            ElementType.UInt8 => (0, byte.MaxValue),
            ElementType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
            ElementType.UInt16 => (0, ushort.MaxValue),
            ElementType.Int16 => (short.MinValue, short.MaxValue),
            ElementType.UInt32 => (0, uint.MaxValue),
            ElementType.Int32 => (int.MinValue, int.MaxValue),
            _ => throw new ModelException($"floats are quantized to integers of 4 to 32 bits, not to {type}"),
        };

    private static ElementType Of(Type t) =>
        t == typeof(float) ? ElementType.Float32
        : t == typeof(byte) ? ElementType.UInt8
        : t == typeof(sbyte) ? ElementType.Int8
        : t == typeof(ushort) ? ElementType.UInt16
        : t == typeof(short) ? ElementType.Int16
        : t == typeof(int) ? ElementType.Int32
        : t == typeof(long) ? ElementType.Int64
        : t == typeof(bool) ? ElementType.Bool
        : t == typeof(Half) ? ElementType.Float16
        : t == typeof(double) ? ElementType.Float64
        : t == typeof(uint) ? ElementType.UInt32
        : t == typeof(ulong) ? ElementType.UInt64
        : throw new ArgumentException($"no element type for {t.Name}");
}
