using Decant.Core;

namespace Decant.Coding;

/// <summary>The head of a .dcnt file: magic, version, and where each section lies.</summary>
internal sealed class SectionTable
{
    private const int MaxHead = 10 + 5,
        LeastEntry = 5;

    /// <summary>The lines, in file order.</summary>
    public required IReadOnlyList<SectionEntry> Entries { get; init; }

    /// <summary>Bytes from the file's start to the first section.</summary>
    public required int Length { get; init; }

    /// <summary>The head of a file of these sections.</summary>
    public static byte[] Write(IReadOnlyList<CodedSection> sections)
    {
        var head = new ByteWriter();
        head.Bytes(DcntFormat.Magic);
        head.Byte(sections.Max(s => s.Version));
        head.Varint((ulong)sections.Count);
        foreach (CodedSection section in sections)
        {
            if (section.Length > int.MaxValue)
                throw new DecantException(
                    $"a weight takes {section.Length} bytes; a .dcnt section holds at most {int.MaxValue}"
                );
            head.Varint((ulong)section.Length << 2 | (uint)section.Kind);
            head.UInt32(section.Checksum);
        }
        head.UInt32(Crc32.Of(head.Written));
        return head.ToArray();
    }

    /// <summary>Reads the head of a file of a known length.</summary>
    /// <exception cref="FileFormatException">It is not a .dcnt file, needs a newer Decant, or is damaged.</exception>
    public static SectionTable Read(Stream stream, long fileLength)
    {
        byte[] head = ReadUpTo(stream, 0, (int)Math.Min(MaxHead, fileLength));
        var reader = new ByteReader(head, "section table");
        CheckMagic(ref reader);
        int start = reader.Position;
        ulong count = reader.Varint();
        if (count > (ulong)(fileLength - reader.Position) / LeastEntry)
            throw new FileFormatException(
                $"section table: {count} sections do not fit a file of {fileLength} bytes: it is damaged or truncated",
                start
            );
        int longest = (int)Math.Min(fileLength, reader.Position + (long)count * MaxHead + 4);
        return ReadEntries(ReadUpTo(stream, 0, longest), (int)count, reader.Position, fileLength);
    }

    private static void CheckMagic(ref ByteReader reader)
    {
        if (reader.Left < 5 || !reader.Bytes(4).SequenceEqual(DcntFormat.Magic))
            throw new FileFormatException("not a .dcnt file: it does not start with DCNT", 0);
        byte version = reader.Byte();
        if (version > DcntFormat.Version)
            throw new FileFormatException(
                $"the file is of version {version} and needs a newer Decant; this one reads versions up to "
                    + $"{DcntFormat.Version}",
                4
            );
        if (version == 0)
            throw new FileFormatException("version 0 of .dcnt does not exist: the file is damaged", 4);
    }

    private static SectionTable ReadEntries(byte[] head, int count, int start, long fileLength)
    {
        var reader = new ByteReader(head, "section table");
        reader.Bytes(start);
        var lines = new List<(ulong Key, uint Checksum)>();
        for (int i = 0; i < count; i++)
            lines.Add((reader.Varint(), reader.UInt32()));
        uint checksum = Crc32.Of(head.AsSpan(0, reader.Position));
        if (reader.UInt32() != checksum)
            throw reader.Damaged("its checksum does not fit: the file is damaged");
        var entries = new List<SectionEntry>();
        long offset = reader.Position;
        foreach (var (key, sum) in lines)
        {
            ulong length = key >> 2;
            if (length > (ulong)Math.Min(int.MaxValue, fileLength - offset))
                throw reader.Damaged(
                    $"section {entries.Count} of {length} bytes at byte {offset} does not fit the file of "
                        + $"{fileLength} bytes: it is truncated"
                );
            if ((key & 3) > (ulong)DcntSectionKind.Weight)
                throw reader.Damaged($"section {entries.Count} is of kind {key & 3}, which does not exist");
            entries.Add(new SectionEntry((DcntSectionKind)(key & 3), offset, (int)length, sum));
            offset += (long)length;
        }
        if (offset != fileLength)
            throw new FileFormatException($"{fileLength - offset} bytes follow the last section", offset);
        return new SectionTable { Entries = entries, Length = reader.Position };
    }

    private static byte[] ReadUpTo(Stream stream, long offset, int count)
    {
        var bytes = new byte[count];
        stream.Position = offset;
        stream.ReadExactly(bytes);
        return bytes;
    }
}

/// <summary>A line of the section table.</summary>
/// <param name="Kind">What the section holds.</param>
/// <param name="Offset">Where it starts, from the start of the file.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Checksum">Their CRC-32.</param>
internal sealed record SectionEntry(DcntSectionKind Kind, long Offset, int Length, uint Checksum);

/// <summary>What a section of a .dcnt file holds, numbered as in the file.</summary>
public enum DcntSectionKind
{
    /// <summary>The network without its numbers: nodes, names, shapes, metadata.</summary>
    Description = 0,

    /// <summary>All the small weights (<see cref="DcntFormat.SharedCount"/> numbers at most), in one stream.</summary>
    SharedWeights = 1,

    /// <summary>One weight.</summary>
    Weight = 2,
}

/// <summary>
/// The constants of the .dcnt container. A file is: the magic; a version byte; the section table (a varint count; for
/// each section a varint of its length · 4 + its kind, and its CRC-32); the CRC-32 of all before; then the sections,
/// in the order of the table. The first is the description. Weights of few numbers share one section, each other weight
/// has its own, in the network's order.
/// </summary>
public static class DcntFormat
{
    /// <summary>
    /// The newest version that this library reads. A file is written in the first version that has all it needs.
    /// </summary>
    public const byte Version = 3;

    /// <summary>Weights of at most so many numbers lie in the shared section.</summary>
    public const int SharedCount = 8192;

    /// <summary>The file name extension, with its dot.</summary>
    public const string Extension = ".dcnt";

    /// <summary>
    /// A section of n bytes may hold weights of at most 65,536 + 4,096·n elements, so that few bytes cannot ask for
    /// much memory.
    /// </summary>
    public const int ElementsPerByte = 4096,
        ElementAllowance = 65536;

    /// <summary>The share of its bytes that a slower coding must come to, to be taken.</summary>
    internal const double WorthSlowDecoding = 0.97;

    internal static ReadOnlySpan<byte> Magic => "DCNT"u8;

    /// <summary>The first version that has a method.</summary>
    internal static byte VersionOf(WeightMethod method) => (byte)(method <= WeightMethod.Arithmetic ? 1 : 2);

    /// <summary>The first version that can describe a network: the third where operators have bodies.</summary>
    internal static byte VersionOf(Network network)
    {
        foreach (Node node in network.Nodes)
            if (node.Operator is Core.Operators.ControlFlowOperator)
                return 3;
        return 1;
    }

    /// <summary>Whether a weight lies in the shared section.</summary>
    internal static bool IsShared(WeightCodec codec) => codec.Shape.Count <= SharedCount;

    /// <summary>The least length of a section of so many numbers.</summary>
    internal static int LeastLength(long numbers) =>
        (int)Math.Min(int.MaxValue, Math.Max(0, numbers - ElementAllowance + ElementsPerByte - 1) / ElementsPerByte);

    /// <summary>The error that a section holds too few bytes for what it is said to hold.</summary>
    internal static FileFormatException TooMany(string section, long numbers, int length) =>
        new(
            $"{section} claims {numbers} elements in {length} bytes; at least "
                + $"{LeastLength(numbers)} bytes are needed: the file is damaged"
        );
}
