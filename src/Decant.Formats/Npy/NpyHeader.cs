using System.Buffers.Binary;
using System.Text;
using Decant.Core;

namespace Decant.Formats.Npy;

/// <summary>The header of a .npy file: element type, order, shape.</summary>
/// <param name="Type">The element type.</param>
/// <param name="BigEndian">Whether elements have their high byte first.</param>
/// <param name="Fortran">Whether the first axis runs fastest.</param>
/// <param name="Shape">The shape.</param>
internal sealed record NpyHeader(ElementType Type, bool BigEndian, bool Fortran, Shape Shape)
{
    private const int Alignment = 64,
        MaxLength = 1 << 16;
    private static readonly UTF8Encoding StrictUtf8 = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Bytes that the elements take.</summary>
    public long DataLength =>
        Shape.Count <= int.MaxValue / Type.Size()
            ? Shape.Count * Type.Size()
            : throw new FileFormatException(
                $"an array of shape {Shape} takes more than 2 GiB, the most that one tensor may"
            );

    /// <summary>Reads a header.</summary>
    /// <exception cref="FileFormatException">It is damaged, or not one.</exception>
    public static NpyHeader Read(BoundedStream stream)
    {
        Span<byte> start = stackalloc byte[8];
        stream.Read(start);
        if (!start[..6].SequenceEqual(Magic))
            throw new FileFormatException("not a .npy file: it does not begin with \\x93NUMPY", 0);
        int version = start[6];
        if (version is < 1 or > 3 || start[7] != 0)
            throw new FileFormatException(
                $".npy version {version}.{start[7]} is not supported; supported are 1.0, 2.0, 3.0",
                6
            );
        Span<byte> size = stackalloc byte[4];
        size.Clear();
        stream.Read(version == 1 ? size[..2] : size);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(size);
        if (length > MaxLength || length > stream.Remaining)
            throw new FileFormatException(
                $"a header of {length} bytes where {stream.Remaining} remain and {MaxLength} are the most",
                8
            );
        var text = new byte[length];
        long offset = stream.Position;
        stream.Read(text);
        return new NpyHeaderText(Decode(text, version, offset), offset).Parse();
    }

    /// <summary>The header of a tensor as NumPy writes it: version 1.0, padded to a multiple of 64 bytes.</summary>
    public static byte[] Write(ElementType type, Shape shape)
    {
        string extents = shape.Rank == 1 ? $"({shape[0]},)" : $"({string.Join(", ", shape.Dims)})";
        string text = $"{{'descr': '{NpyTypes.Code(type)}', 'fortran_order': False, 'shape': {extents}, }}";
        int total = (Magic.Length + 4 + text.Length + 1 + Alignment - 1) / Alignment * Alignment;
        var bytes = new byte[total];
        Magic.CopyTo(bytes);
        bytes[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), checked((ushort)(total - 10)));
        bytes.AsSpan(10).Fill((byte)' ');
        System.Text.Encoding.ASCII.GetBytes(text, bytes.AsSpan(10));
        bytes[^1] = (byte)'\n';
        return bytes;
    }

    private static string Decode(byte[] text, int version, long offset)
    {
        if (version < 3)
            return System.Text.Encoding.Latin1.GetString(text);
        try
        {
            return StrictUtf8.GetString(text);
        }
        catch (DecoderFallbackException e)
        {
            throw new FileFormatException($"the header is not UTF-8 text (at byte {offset})", e);
        }
    }
}

/// <summary>NumPy's codes of element types.</summary>
internal static class NpyTypes
{
    private static readonly (string Code, ElementType Type)[] Codes =
    [
        ("f4", ElementType.Float32),
        ("f8", ElementType.Float64),
        ("f2", ElementType.Float16),
        ("b1", ElementType.Bool),
        ("i1", ElementType.Int8),
        ("i2", ElementType.Int16),
        ("i4", ElementType.Int32),
        ("i8", ElementType.Int64),
        ("u1", ElementType.UInt8),
        ("u2", ElementType.UInt16),
        ("u4", ElementType.UInt32),
        ("u8", ElementType.UInt64),
    ];

    /// <summary>Reads a code such as &lt;f4.</summary>
    /// <exception cref="FileFormatException">It is no type that is supported.</exception>
    public static (ElementType Type, bool BigEndian) Parse(string descr, long offset)
    {
        ElementType type = descr.Length == 3 ? Array.Find(Codes, c => c.Code == descr[1..]).Type : ElementType.Unknown;
        bool ordered = type != ElementType.Unknown && (descr[0] is '<' or '>' || (descr[0] == '|' && type.Size() == 1));
        return ordered
            ? (type, descr[0] == '>')
            : throw new FileFormatException(
                $"NumPy type '{descr}' is not supported; supported are bool, integers and floats such as <f4",
                offset
            );
    }

    /// <summary>
    /// The code of a type in little-endian order. 4-bit integers, which NumPy lacks, become 8-bit ones.
    /// </summary>
    public static string Code(ElementType type)
    {
        ElementType stored = type switch
        {
            ElementType.Int4 => ElementType.Int8,
            ElementType.UInt4 => ElementType.UInt8,
            _ => type,
        };
        return (type.Size() == 1 ? "|" : "<") + Array.Find(Codes, c => c.Type == stored).Code;
    }
}
