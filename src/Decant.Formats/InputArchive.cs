using System.Collections.Immutable;
using System.IO.Compression;
using Decant.Core;
using Decant.Formats.Npy;

namespace Decant.Formats;

/// <summary>
/// The entries of a zip file, stored or deflated, read one by one when asked for. What an entry claims to unpack to is
/// checked against what its packed bytes can give, before any memory is taken for it.
/// </summary>
internal sealed class InputArchive : IDisposable
{
    /// <summary>The most bytes that deflate makes of one.</summary>
    private const int MaxRatio = 1032;

    private readonly string source;
    private readonly ZipArchive archive;
    private readonly Dictionary<string, ZipArchiveEntry> entries = new(StringComparer.Ordinal);
    private readonly long fileLength;

    private InputArchive(Stream stream, string source, Func<string, string> naming)
    {
        (this.source, fileLength) = (source, stream.Length);
        archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: false);
        foreach (ZipArchiveEntry entry in archive.Entries)
            if (!entries.TryAdd(naming(entry.FullName), entry))
                throw new FileFormatException($"{source} has '{entry.FullName}' twice");
        Names = [.. entries.Keys];
    }

    /// <summary>The entries' names in the file's order.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>Opens a zip that lies in a seekable stream, which is closed with the archive.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="source">What messages call it.</param>
    /// <param name="naming">Makes the name that an entry is asked for by.</param>
    /// <exception cref="FileFormatException">It is no zip file, or a damaged one.</exception>
    public static InputArchive Open(Stream stream, string source, Func<string, string> naming)
    {
        try
        {
            return new InputArchive(stream, source, naming);
        }
        catch (Exception e)
        {
            stream.Dispose();
            if (!IsDamage(e) || e is FileFormatException)
                throw;
            throw new FileFormatException($"{source} is not a readable zip file: {e.Message.Split('\n')[0]}", e);
        }
    }

    /// <summary>Whether there is an entry of a name.</summary>
    public bool Has(string name) => entries.ContainsKey(name);

    /// <summary>Reads an entry to its end.</summary>
    /// <param name="what">What messages call it: array 'x'.</param>
    /// <param name="name">Its name, which must be in <see cref="Names"/>.</param>
    /// <param name="read">Reads it.</param>
    /// <exception cref="FileFormatException">It is damaged.</exception>
    public T Read<T>(string what, string name, Func<BoundedStream, T> read)
    {
        try
        {
            return Read(entries[name], read);
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw new FileFormatException($"{what} of {source} is damaged: {e.Message.Split('\n')[0]}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => archive.Dispose();

    private T Read<T>(ZipArchiveEntry entry, Func<BoundedStream, T> read)
    {
        if (entry.CompressedLength > fileLength || entry.Length / MaxRatio > entry.CompressedLength)
            throw new InvalidDataException($"{entry.CompressedLength} bytes cannot unpack to {entry.Length}");
        using Stream unpacked = entry.Open();
        var stream = new BoundedStream(unpacked, entry.Length);
        T result = read(stream);
        if (stream.Remaining > 0)
            throw new FileFormatException($"{stream.Remaining} bytes follow what was to be read", stream.Position);
        return stream.Crc == entry.Crc32 ? result : throw new InvalidDataException("its checksum is another");
    }

    // What the zip library throws on hostile archives, beside the errors of what lies within them.
    private static bool IsDamage(Exception e) =>
        e
            is InvalidDataException
                or IOException
                or NotSupportedException
                or ArgumentException
                or OverflowException
                or IndexOutOfRangeException
                or FileFormatException
                or ModelException;
}
