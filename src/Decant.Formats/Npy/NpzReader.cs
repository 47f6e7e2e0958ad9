using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Formats.Npy;

/// <summary>
/// Reads arrays by name from a .npz file: a zip of .npy files, stored or deflated. An array is read only when asked for. What an
/// entry claims to unpack to is checked against what its packed bytes can give, before any memory is taken for it.
/// </summary>
public sealed class NpzReader : IDisposable
{
    private readonly string source;
    private readonly InputArchive archive;

    private NpzReader(Stream stream, string source) => (this.source, archive) = (source, InputArchive.Open(stream, source, NameOf));

    /// <summary>The arrays' names, without .npy, in the file's order.</summary>
    public ImmutableArray<string> Names => archive.Names;

    /// <summary>Opens a file; close it by disposing.</summary>
    /// <exception cref="FileFormatException">It is no zip file, or a damaged one.</exception>
    /// <exception cref="DecantException">It cannot be read.</exception>
    public static NpzReader Open(string path) => new(InputFile.Keep(path), path);

    /// <summary>Opens a .npz that lies in a seekable stream, which is closed with the reader.</summary>
    /// <exception cref="FileFormatException">It is no zip file, or a damaged one.</exception>
    public static NpzReader Open(Stream stream) => new(stream, "the .npz file");

    /// <summary>Reads an array.</summary>
    /// <exception cref="FileFormatException">There is none of that name, or it is damaged; the names there are said.</exception>
    public Tensor Read(string name)
    {
        if (!archive.Has(name))
            throw new FileFormatException(
                $"{source} has no array '{name}'; it has {string.Join(", ", Names.Take(20))}{(Names.Length > 20 ? ", …" : "")}");
        return archive.Read($"array '{name}'", name, NpyReader.ReadAll);
    }

    /// <inheritdoc/>
    public void Dispose() => archive.Dispose();

    private static string NameOf(string entry) => entry.EndsWith(".npy", StringComparison.Ordinal) ? entry[..^4] : entry;
}
