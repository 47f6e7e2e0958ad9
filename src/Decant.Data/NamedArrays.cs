using System.Collections.Immutable;
using Decant.Core;
using Decant.Formats.Npy;

namespace Decant.Data;

/// <summary>
/// Arrays by name: those of an .npz file, of an .npy file, the .npy files of a folder, or the columns of a Parquet
/// file.
/// </summary>
internal sealed class NamedArrays : IDisposable
{
    private const string Ending = ".npy";

    private static readonly string[] LabelColumns = ["label", "labels"];

    private readonly NpzReader? npz;
    private readonly Dictionary<string, string> files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Tensor> columns = [];
    private readonly HashSet<string> names;

    private NamedArrays(string path, NpzReader npz)
    {
        (Path, this.npz) = (path, npz);
        names = npz.Names.ToHashSet(StringComparer.Ordinal);
    }

    private NamedArrays(string path, IEnumerable<string> files)
    {
        Path = path;
        foreach (string file in files)
            this.files.Add(System.IO.Path.GetFileNameWithoutExtension(file), file);
        names = this.files.Keys.ToHashSet(StringComparer.Ordinal);
    }

    private NamedArrays(string path, Dictionary<string, Tensor> columns)
    {
        (Path, this.columns) = (path, columns);
        names = columns.Keys.ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The file or folder.</summary>
    public string Path { get; }

    /// <summary>What messages call the data set.</summary>
    public string SetName => System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(Path));

    /// <summary>The names.</summary>
    public IEnumerable<string> Names => names;

    /// <summary>What was left out.</summary>
    public ImmutableArray<string> Notes { get; private init; } = [];

    /// <summary>Whether a path is an .npz, .npy or .parquet file, or a folder with .npy files.</summary>
    public static bool AreAt(string path) =>
        path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase)
        || ParquetFile.IsOne(path)
        || (
            Directory.Exists(path)
                ? FilesOf(path).Length > 0
                : path.EndsWith(Ending, StringComparison.OrdinalIgnoreCase)
        );

    /// <exception cref="DataException">There is no such file or folder.</exception>
    /// <exception cref="FileFormatException">A file is damaged.</exception>
    public static NamedArrays Open(string path)
    {
        if (Directory.Exists(path))
            return new(path, FilesOf(path));
        if (!File.Exists(path))
            throw new DataException($"there is no data set file {path}");
        if (ParquetFile.IsOne(path))
            return OfParquet(path);
        return path.EndsWith(Ending, StringComparison.OrdinalIgnoreCase)
            ? new(path, [path])
            : new NamedArrays(path, NpzReader.Open(path));
    }

    public bool Has(string name) => names.Contains(name);

    /// <exception cref="FileFormatException">The array is damaged.</exception>
    public Tensor Read(string name)
    {
        if (npz is not null)
            return npz.Read(name);
        if (columns.TryGetValue(name, out Tensor? column))
            return column;
        try
        {
            return NpyReader.Read(files[name]);
        }
        catch (FileFormatException e)
        {
            throw new DataException($"{files[name]}: {e.Message}", e);
        }
    }

    public void Dispose() => npz?.Dispose();

    /// <summary>The columns of a file, the labels under the name that they have in other files.</summary>
    private static NamedArrays OfParquet(string path)
    {
        var others = new List<string>();
        Dictionary<string, Tensor> columns = ParquetFile.Read(path, others);
        if (!columns.ContainsKey("y") && Array.Find(LabelColumns, columns.ContainsKey) is { } label)
        {
            columns.Add("y", columns[label]);
            columns.Remove(label);
        }
        return new NamedArrays(path, columns)
        {
            Notes =
                others.Count == 0
                    ? []
                    : [$"{path}: columns {string.Join(", ", others)} hold no values for a network and are left out"],
        };
    }

    private static string[] FilesOf(string folder) =>
        [.. Directory.GetFiles(folder, $"*{Ending}").Order(StringComparer.Ordinal)];
}
