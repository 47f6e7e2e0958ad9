namespace Decant.Core;

/// <summary>What is known of each <see cref="ElementType"/>: its CLR type and its size.</summary>
public static class ElementTypes
{
    /// <summary>The CLR type that holds one element.</summary>
    /// <exception cref="ModelException">The type is not supported.</exception>
    public static Type ClrType(this ElementType type) => type switch
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
        _ => throw new ModelException($"element type {(int)type} is not supported; supported are float, integer, bool and half types"),
    };

    /// <summary>Bytes one element takes in memory.</summary>
    public static int Size(this ElementType type) => type switch
    {
        ElementType.UInt8 or ElementType.Int8 or ElementType.Bool or ElementType.UInt4 or ElementType.Int4 => 1,
        ElementType.UInt16 or ElementType.Int16 or ElementType.Float16 => 2,
        ElementType.Float32 or ElementType.Int32 or ElementType.UInt32 => 4,
        ElementType.Int64 or ElementType.UInt64 or ElementType.Float64 => 8,
        _ => throw new ModelException($"element type {(int)type} is not supported"),
    };

    /// <summary>The element type whose natural CLR type is <typeparamref name="T"/>.</summary>
    public static ElementType Of<T>() where T : unmanaged => Of(typeof(T));

    /// <summary>An uninitialized array of <paramref name="count"/> elements of the type's CLR type.</summary>
    public static Array NewArray(this ElementType type, int count) => type switch
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
