using Decant.Core;

namespace Decant.Formats;

/// <summary>Opens what is to be read.</summary>
internal static class InputFile
{
    /// <summary>Opens a file for the time that <paramref name="read"/> takes.</summary>
    /// <exception cref="DecantException">It is missing or cannot be read.</exception>
    public static T Read<T>(string path, Func<FileStream, T> read) => Guarded(path, () =>
    {
        using FileStream stream = Open(path);
        return read(stream);
    });

    /// <summary>Opens a file to be closed by the caller.</summary>
    /// <exception cref="DecantException">It is missing or cannot be read.</exception>
    public static FileStream Keep(string path) => Guarded(path, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read));

    /// <summary>Opens a file unbuffered: readers buffer themselves, and read large arrays straight into place.</summary>
    public static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);

    /// <summary>The stream itself if it can seek, else a copy in memory of what is left of it.</summary>
    public static Stream Seekable(Stream stream)
    {
        if (stream.CanSeek) return stream;
        var copy = new MemoryStream();
        stream.CopyTo(copy);
        copy.Position = 0;
        return copy;
    }

    private static T Guarded<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new DecantException($"cannot read {path}: {e.Message.Split('\n')[0]}", e);
        }
    }
}
