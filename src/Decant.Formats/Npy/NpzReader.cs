using System.Buffers.Binary;
using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Formats.Npy;

/// <summary>
/// Reads arrays by name from a .npz file: a zip of .npy files, stored or deflated. An array is read only when asked
/// for. What an entry claims to unpack to is checked against what its packed bytes can give, before any memory is taken
/// for it.
/// </summary>
public sealed class NpzReader : IDisposable
{
    private readonly string source;
    private readonly InputArchive archive;

    private NpzReader(Stream stream, string source) =>
        (this.source, archive) = (source, InputArchive.Open(stream, source, NameOf));

    /// <summary>The arrays' names, without .npy, in the file's order.</summary>
    public ImmutableArray<string> Names => archive.Names;

    /// <summary>Opens a file; close it by disposing.</summary>
    /// <exception cref="FileFormatException">It is no zip file, or a damaged one.</exception>
    /// <exception cref="DecantException">It cannot be read.</exception>
    public static NpzReader Open(string path) => new(InputFile.Keep(path), path);

    /// <summary>Opens a .npz that lies in a seekable stream, which is closed with the reader.</summary>
    /// <exception cref="FileFormatException">It is no zip file, or a damaged one.</exception>
    public static NpzReader Open(Stream stream) => new(stream, "the .npz file");

    /// <summary>Reads an array.</summary>
    /// <exception cref="FileFormatException">There is none of that name, or it is damaged; the names there are
    /// said.</exception>
    public Tensor Read(string name)
    {
        if (!archive.Has(name))
            throw new FileFormatException($"{source} has no array '{name}'; it has {NameList.Of(Names, 20)}");
        return archive.Read($"array '{name}'", name, NpyReader.ReadAll);
    }

    /// <inheritdoc/>
    public void Dispose() => archive.Dispose();

    private static string NameOf(string entry) =>
        entry.EndsWith(".npy", StringComparison.Ordinal) ? entry[..^4] : entry;
}

/// <summary>
/// A stored entry of a zip file, as PKWARE's APPNOTE lays it out; its time is the first there is, 1980-01-01 00:00.
/// </summary>
/// <param name="Name">The entry's name as UTF-8.</param>
/// <param name="Header">The .npy header.</param>
/// <param name="Length">Bytes of header and elements.</param>
/// <param name="Crc">Their CRC-32.</param>
/// <param name="Offset">Where the entry begins.</param>
internal sealed record ZipEntry(byte[] Name, byte[] Header, uint Length, uint Crc, uint Offset)
{
    private const int LocalSize = 30,
        DirectorySize = 46;
    private const ushort Version = 20,
        Utf8 = 0x800,
        FirstDate = (1 << 5) | 1;

    /// <summary>Bytes that the entry takes before the directory.</summary>
    public long Size => (long)LocalSize + Name.Length + Length;

    public static ZipEntry Of(string name, Tensor tensor, uint offset)
    {
        byte[] header = NpyHeader.Write(tensor.Type, tensor.Shape),
            utf8 = System.Text.Encoding.UTF8.GetBytes($"{name}.npy");
        ReadOnlySpan<byte> elements = NpyWriter.Elements(tensor);
        if (utf8.Length > ushort.MaxValue)
            throw new DecantException("an array's name is longer than a zip file can hold");
        uint crc = Crc32.Of(elements, Crc32.Of(header));
        return new ZipEntry(utf8, header, (uint)(header.Length + elements.Length), crc, offset);
    }

    public void Write(Tensor tensor, Stream stream)
    {
        var bytes = new byte[LocalSize];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, 0x04034B50);
        Common(bytes.AsSpan(4));
        stream.Write(bytes);
        stream.Write(Name);
        stream.Write(Header);
        stream.Write(NpyWriter.Elements(tensor));
    }

    public byte[] DirectoryRecord()
    {
        var bytes = new byte[DirectorySize + Name.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, 0x02014B50);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4), Version);
        Common(bytes.AsSpan(6));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(42), Offset);
        Name.CopyTo(bytes, DirectorySize);
        return bytes;
    }

    /// <summary>
    /// The fields that both records share: version, flags, method 0, date, checksum, sizes, name length.
    /// </summary>
    private void Common(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, Version);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[2..], Utf8);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[8..], FirstDate);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[10..], Crc);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[14..], Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[18..], Length);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[22..], (ushort)Name.Length);
    }
}
