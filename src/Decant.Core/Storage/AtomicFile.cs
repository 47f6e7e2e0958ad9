namespace Decant.Core;

/// <summary>
/// Writes files whole or not at all: into a temporary neighbour, flushed to disk, then renamed over the target.
/// </summary>
public static class AtomicFile
{
    /// <summary>
    /// Writes a file through a stream. If <paramref name="write"/> fails, what was at <paramref name="path"/> is still
    /// there.
    /// </summary>
    /// <exception cref="DecantException">The disk is full, or the folder cannot be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string full = Path.GetFullPath(path),
            temporary = $"{full}.{Environment.ProcessId}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DecantException(
                $"cannot write {path}: {e.Message.Split('\n')[0]}; what was there is unchanged",
                e
            );
        }
        finally
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
        }
    }

    /// <summary>Writes bytes as a file.</summary>
    public static void Write(string path, ReadOnlyMemory<byte> bytes) =>
        Write(path, stream => stream.Write(bytes.Span));

    /// <summary>Writes text as a UTF-8 file.</summary>
    public static void Write(string path, string text) => Write(path, System.Text.Encoding.UTF8.GetBytes(text));
}

/// <summary>Files for what is too large to be held in memory meanwhile.</summary>
public static class TemporaryFile
{
    /// <summary>
    /// Creates an empty file in the system's folder for such, to be read and written; closing it deletes it.
    /// </summary>
    /// <exception cref="DecantException">The folder cannot be written.</exception>
    public static FileStream Create()
    {
        string path = Path.Combine(
            Path.GetTempPath(),
            $"decant-{Environment.ProcessId}-{Path.GetRandomFileName()}.tmp"
        );
        try
        {
            return new FileStream(
                path,
                FileMode.CreateNew,
                FileAccess.ReadWrite,
                FileShare.None,
                1 << 16,
                FileOptions.DeleteOnClose
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DecantException(
                $"cannot write to {Path.GetTempPath()}: {e.Message}; TMPDIR names another folder",
                e
            );
        }
    }
}
