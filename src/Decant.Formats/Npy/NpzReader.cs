using System.Collections.Immutable;
using System.IO.Compression;
using Decant.Core;

namespace Decant.Formats.Npy;

/// <summary>
/// Reads arrays by name from a .npz file: a zip of .npy files, stored or deflated. An array is read only when asked for. What an
/// entry claims to unpack to is checked against what its packed bytes can give, before any memory is taken for it.
/// </summary>
public sealed class NpzReader : IDisposable
{
    /// <summary>The most bytes that deflate makes of one.</summary>
    private const int MaxRatio = 1032;

    private readonly string source;
    private readonly ZipArchive archive;
    private readonly Dictionary<string, ZipArchiveEntry> entries = new(StringComparer.Ordinal);
    private readonly long fileLength;

    private NpzReader(Stream stream, string source)
    {
        (this.source, fileLength) = (source, stream.Length);
        archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: false);
        foreach (ZipArchiveEntry entry in archive.Entries)
            if (!entries.TryAdd(NameOf(entry.FullName), entry)) throw new FileFormatException($"{source} has '{entry.FullName}' twice");
        Names = [.. entries.Keys];
    }

    /// <summary>The arrays' names, without .npy, in the file's order.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>Opens a file; close it by disposing.</summary>
    /// <exception cref="FileFormatException">It is no zip file, or a damaged one.</exception>
    /// <exception cref="DecantException">It cannot be read.</exception>
    public static NpzReader Open(string path) => Open(InputFile.Keep(path), path);

    /// <summary>Opens a .npz that lies in a seekable stream, which is closed with the reader.</summary>
    /// <exception cref="FileFormatException">It is no zip file, or a damaged one.</exception>
    public static NpzReader Open(Stream stream) => Open(stream, "the .npz file");

    /// <summary>Reads an array.</summary>
    /// <exception cref="FileFormatException">There is none of that name, or it is damaged; the names there are said.</exception>
    public Tensor Read(string name)
    {
        if (!entries.TryGetValue(name, out var entry))
            throw new FileFormatException(
                $"{source} has no array '{name}'; it has {string.Join(", ", Names.Take(20))}{(Names.Length > 20 ? ", …" : "")}");
        try
        {
            return Read(entry);
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw new FileFormatException($"array '{name}' of {source} is damaged: {e.Message.Split('\n')[0]}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => archive.Dispose();

    private static NpzReader Open(Stream stream, string source)
    {
        try
        {
            return new NpzReader(stream, source);
        }
        catch (Exception e)
        {
            stream.Dispose();
            if (!IsDamage(e) || e is FileFormatException) throw;
            throw new FileFormatException($"{source} is not a readable zip file: {e.Message.Split('\n')[0]}", e);
        }
    }

    private Tensor Read(ZipArchiveEntry entry)
    {
        if (entry.CompressedLength > fileLength || entry.Length / MaxRatio > entry.CompressedLength)
            throw new InvalidDataException($"{entry.CompressedLength} bytes cannot unpack to {entry.Length}");
        using Stream unpacked = entry.Open();
        var stream = new BoundedStream(unpacked, entry.Length);
        Tensor tensor = NpyReader.ReadAll(stream);
        return stream.Crc == entry.Crc32 ? tensor : throw new InvalidDataException("its checksum is another");
    }

    private static string NameOf(string entry) => entry.EndsWith(".npy", StringComparison.Ordinal) ? entry[..^4] : entry;

    // What the zip library throws on hostile archives, beside the errors of what lies within them.
    private static bool IsDamage(Exception e) => e is InvalidDataException or IOException or NotSupportedException or ArgumentException
        or OverflowException or IndexOutOfRangeException or FileFormatException or ModelException;
}
