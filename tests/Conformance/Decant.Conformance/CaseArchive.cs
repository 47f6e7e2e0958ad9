using System.Formats.Tar;
using System.IO.Compression;
using Decant.Core;

namespace Decant.Conformance;

/// <summary>Unpacks a .tar.gz of cases: files and folders only, and nothing outside the folder given.</summary>
internal static class CaseArchive
{
    /// <summary>The most bytes all files together may have.</summary>
    public const long MaxBytes = 2L << 30;

    /// <summary>Unpacks.</summary>
    /// <exception cref="FileFormatException">It is damaged, too large, or an entry is a link or would lie
    /// outside.</exception>
    public static void Extract(Stream archive, string folder)
    {
        try
        {
            using var zip = new GZipStream(archive, CompressionMode.Decompress);
            using var tar = new TarReader(zip);
            for (long left = MaxBytes; tar.GetNextEntry() is { } entry; left -= entry.Length)
                Extract(entry, Path.GetFullPath(folder), left);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new FileFormatException($"the archive is damaged: {e.Message}", e);
        }
    }

    private static void Extract(TarEntry entry, string folder, long left)
    {
        if (entry.EntryType is TarEntryType.GlobalExtendedAttributes or TarEntryType.ExtendedAttributes)
            return;
        string path = Path.GetFullPath(Path.Combine(folder, entry.Name));
        if (
            path != folder
            && !Path.TrimEndingDirectorySeparator(path)
                .StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)
        )
            throw new FileFormatException($"entry '{entry.Name}' would lie outside the folder it is unpacked to");
        if (entry.Length > left)
            throw new FileFormatException($"the files are larger than {MaxBytes} bytes together");
        switch (entry.EntryType)
        {
            case TarEntryType.Directory:
                Directory.CreateDirectory(path);
                break;
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                Copy(entry, path);
                break;
            default:
                throw new FileFormatException(
                    $"entry '{entry.Name}' is a {entry.EntryType}; only files and folders are possible"
                );
        }
    }

    private static void Copy(TarEntry entry, string path)
    {
        using FileStream file = File.Create(path);
        entry.DataStream?.CopyTo(file);
    }
}
