using Decant.Core;

namespace Decant.Conformance;

/// <summary>
/// The cases below a folder, or of an archive, which is unpacked to a temporary folder for as long as this lives.
/// </summary>
internal sealed class CaseFolder : IDisposable
{
    private readonly string root;
    private readonly bool temporary;

    private CaseFolder(string root, bool temporary)
    {
        (this.root, this.temporary) = (root, temporary);
        Cases =
        [
            .. Directory
                .EnumerateFiles(root, "model.onnx", SearchOption.AllDirectories)
                .Select(f => Path.GetDirectoryName(f)!)
                .Where(IsCase)
                .Select(d => new ConformanceCase(Path.GetRelativePath(Top(root), d).Replace('\\', '/'), d))
                .OrderBy(c => c.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>The cases, by name.</summary>
    public IReadOnlyList<ConformanceCase> Cases { get; }

    /// <summary>Finds the cases of a folder or a .tar.gz.</summary>
    /// <exception cref="DataException">There is no such thing, or no case in it.</exception>
    public static CaseFolder Open(string path)
    {
        if (!Path.Exists(path))
            throw new DataException($"there is no folder or archive '{path}'");
        CaseFolder folder = Directory.Exists(path) ? new CaseFolder(path, temporary: false) : Unpack(path);
        if (folder.Cases.Count > 0)
            return folder;
        folder.Dispose();
        throw new DataException($"'{path}' holds no case: no folder test_* with a model.onnx");
    }

    /// <summary>Removes the temporary folder.</summary>
    public void Dispose()
    {
        if (temporary)
            Directory.Delete(root, recursive: true);
    }

    /// <summary>The first folder that holds more than one folder: archives often put all below one.</summary>
    private static string Top(string folder) =>
        Directory.GetFileSystemEntries(folder) is [var only] && Directory.Exists(only) && !IsCase(only)
            ? Top(only)
            : folder;

    private static bool IsCase(string folder) => Path.GetFileName(folder).StartsWith("test_", StringComparison.Ordinal);

    private static CaseFolder Unpack(string archive)
    {
        string folder = Directory.CreateTempSubdirectory("decant-conformance-").FullName;
        try
        {
            using FileStream stream = File.OpenRead(archive);
            CaseArchive.Extract(stream, folder);
            return new CaseFolder(folder, temporary: true);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }
}
