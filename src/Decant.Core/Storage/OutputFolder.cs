namespace Decant.Core;

/// <summary>The folders that output goes to. None is made that nobody asked for.</summary>
public static class OutputFolder
{
    /// <summary>Checks that the folder is there in which a file or folder is to lie.</summary>
    /// <param name="path">The file or folder, which need not be there.</param>
    /// <exception cref="DecantException">It is not.</exception>
    public static void CheckAround(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is { } folder && !Directory.Exists(folder))
            throw new DecantException(
                File.Exists(folder)
                    ? $"cannot write {path}: {folder} is a file; name a folder"
                    : $"cannot write {path}: the folder {folder} does not exist; make it, or name another"
            );
    }

    /// <summary>Makes a folder that output was asked to go to, unless it is there.</summary>
    /// <exception cref="DecantException">The folder in which it is to lie is not there, or cannot be
    /// written.</exception>
    public static void Make(string folder)
    {
        CheckAround(folder);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"cannot make the folder {folder}: {e.Message.Split('\n')[0]}", e);
        }
    }
}
