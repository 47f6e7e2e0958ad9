namespace Decant.Core;

/// <summary>Files for what is too large to be held in memory meanwhile.</summary>
public static class TemporaryFile
{
    /// <summary>Creates an empty file in the system's folder for such, to be read and written; closing it deletes it.</summary>
    /// <exception cref="DecantException">The folder cannot be written.</exception>
    public static FileStream Create()
    {
        string path = Path.Combine(Path.GetTempPath(), $"decant-{Environment.ProcessId}-{Path.GetRandomFileName()}.tmp");
        try
        {
            return new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"cannot write to {Path.GetTempPath()}: {e.Message}; TMPDIR names another folder", e);
        }
    }
}
