using Decant.Core;

namespace Decant.Formats.Npy;

/// <summary>NumPy's codes of element types.</summary>
internal static class NpyTypes
{
    private static readonly (string Code, ElementType Type)[] Codes =
    [
        ("f4", ElementType.Float32), ("f8", ElementType.Float64), ("f2", ElementType.Float16), ("b1", ElementType.Bool),
        ("i1", ElementType.Int8), ("i2", ElementType.Int16), ("i4", ElementType.Int32), ("i8", ElementType.Int64),
        ("u1", ElementType.UInt8), ("u2", ElementType.UInt16), ("u4", ElementType.UInt32), ("u8", ElementType.UInt64),
    ];

    /// <summary>Reads a code such as &lt;f4.</summary>
    /// <exception cref="FileFormatException">It is no type that is supported.</exception>
    public static (ElementType Type, bool BigEndian) Parse(string descr, long offset)
    {
        ElementType type = descr.Length == 3 ? Array.Find(Codes, c => c.Code == descr[1..]).Type : ElementType.Unknown;
        bool ordered = type != ElementType.Unknown && (descr[0] is '<' or '>' || (descr[0] == '|' && type.Size() == 1));
        return ordered
            ? (type, descr[0] == '>')
            : throw new FileFormatException($"NumPy type '{descr}' is not supported; supported are bool, integers and floats such as <f4", offset);
    }

    /// <summary>The code of a type in little-endian order. 4-bit integers, which NumPy lacks, become 8-bit ones.</summary>
    public static string Code(ElementType type)
    {
        ElementType stored = type switch { ElementType.Int4 => ElementType.Int8, ElementType.UInt4 => ElementType.UInt8, _ => type };
        return (type.Size() == 1 ? "|" : "<") + Array.Find(Codes, c => c.Type == stored).Code;
    }
}
