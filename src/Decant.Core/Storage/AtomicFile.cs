namespace Decant.Core;

/// <summary>
/// Writes files whole or not at all: into a temporary neighbour, flushed to disk, then renamed over the target.
/// Neighbours that a killed process left behind are removed by the next write of the same file.
/// </summary>
public static class AtomicFile
{
    private static long written;

    /// <summary>
    /// Writes a file through a stream. If <paramref name="write"/> fails, what was at <paramref name="path"/> is still
    /// there.
    /// </summary>
    /// <exception cref="DecantException">The disk is full, or the folder is not there or cannot be
    /// written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string full = Path.GetFullPath(path),
            folder = Path.GetDirectoryName(full)!,
            temporary = $"{full}.{Environment.ProcessId}-{Interlocked.Increment(ref written)}.tmp";
        OutputFolder.CheckAround(path);
        try
        {
            RemoveLeftovers(folder, Path.GetFileName(full));
            // The lock lasts until the file has its name, so that nobody takes it for a leftover.
            using var stream = new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.Delete);
            write(stream);
            stream.Flush(flushToDisk: true);
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

    /// <summary>Removes what processes that are gone left of files of a name; those in work are locked.</summary>
    private static void RemoveLeftovers(string folder, string name)
    {
        foreach (string path in Directory.EnumerateFiles(folder, $"{name}.*-*.tmp"))
        {
            try
            {
                using var leftover = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue;
            }
            File.Delete(path);
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
    /// Creates an empty file in the system's temporary folder, to be read and written. It is gone when it is closed or
    /// the process ends.
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
            FileOptions onClose = OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None;
            var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, onClose);
            // An open file needs no name there, and one without a name outlives no process, even a killed one.
            if (!OperatingSystem.IsWindows())
                File.Delete(path);
            return file;
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
