using System.Collections.Immutable;
using System.Formats.Tar;
using System.IO.Compression;
using Decant.Core;

namespace Decant.Data;

/// <summary>
/// Unpacks known members of a .tar.gz. Only names asked for are written, so no name in the archive can lead elsewhere.
/// </summary>
internal static class ArchiveMembers
{
    /// <exception cref="FileFormatException">The archive is damaged, or a member is missing or of another
    /// length.</exception>
    public static void Unpack(
        string archive,
        ImmutableArray<(string Name, long Size)> members,
        string folder,
        CancellationToken cancellation
    )
    {
        var missing = members.ToDictionary(m => m.Name, m => m.Size, StringComparer.Ordinal);
        try
        {
            using var file = File.OpenRead(archive);
            using var gzip = new GZipStream(file, CompressionMode.Decompress);
            using var tar = new TarReader(gzip);
            while (missing.Count > 0 && tar.GetNextEntry() is { } entry)
            {
                cancellation.ThrowIfCancellationRequested();
                string name = entry.Name[(entry.Name.LastIndexOf('/') + 1)..];
                if (entry.DataStream is { } data && missing.Remove(name, out long size))
                    Unpack(archive, name, size, data, folder);
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new FileFormatException($"{archive}: the archive is damaged: {e.Message}", e);
        }
        if (missing.Count > 0)
            throw new FileFormatException(
                $"{archive}: the archive holds no {string.Join(", ", missing.Keys.Order(StringComparer.Ordinal))}"
            );
    }

    private static void Unpack(string archive, string name, long size, Stream data, string folder)
    {
        if (data.Length != size)
            throw new FileFormatException($"{archive}: {name} has {data.Length} bytes, not {size}");
        AtomicFile.Write(Path.Combine(folder, name), to =>
        {
            data.CopyTo(to);
            if (to.Length != size)
                throw new FileFormatException($"{archive}: truncated: {name} has only {to.Length} of {size} bytes");
        });
    }
}
