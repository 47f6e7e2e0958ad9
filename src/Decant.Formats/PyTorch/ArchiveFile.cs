using Decant.Core;

namespace Decant.Formats.PyTorch;

/// <summary>
/// What torch.save writes since PyTorch 1.6: a zip file with the entries NAME/data.pkl, the object's pickle,
/// NAME/data/KEY, the numbers of each storage, and since 2.1 NAME/byteorder.
/// </summary>
internal static class ArchiveFile
{
    private const string Pickle = "data.pkl",
        Order = "byteorder",
        Source = "the file";

    /// <summary>Reads the tensors.</summary>
    /// <param name="stream">The file, which is closed.</param>
    /// <exception cref="FileFormatException">The file is damaged, or no state dictionary.</exception>
    public static IReadOnlyList<KeyValuePair<string, Tensor>> Read(Stream stream)
    {
        using InputArchive archive = InputArchive.Open(stream, Source, name => name);
        string[] pickles =
        [
            .. archive.Names.Where(n => n == Pickle || n.EndsWith($"/{Pickle}", StringComparison.Ordinal)),
        ];
        if (pickles is not [var pickle])
            throw new FileFormatException(
                $"{Source} has {pickles.Length} entries {Pickle}; a file of torch.save has one"
            );
        string folder = pickle[..^Pickle.Length];
        CheckOrder(archive, folder + Order);
        StateEntries state = archive.Read(Pickle, pickle, s => StateEntries.Of(Unpickler.Read(s).Root));
        return state.Tensors(storage => Storage(archive, $"{folder}data/{storage.Key}", storage));
    }

    private static Tensor Storage(InputArchive archive, string entry, StorageReference storage) =>
        archive.Has(entry)
            ? archive.Read($"storage '{storage.Key}'", entry, storage.Read)
            : throw new FileFormatException($"{Source} has no entry '{entry}'");

    private static void CheckOrder(InputArchive archive, string entry)
    {
        if (!archive.Has(entry))
            return;
        string order = archive.Read(Order, entry, stream =>
        {
            var bytes = new byte[Math.Min(stream.Remaining, 16)];
            stream.Read(bytes);
            return System.Text.Encoding.ASCII.GetString(bytes);
        });
        if (order != "little")
            throw new FileFormatException(
                $"{Source} has the byte order '{order}'; only little is read: save it again "
                    + "on a machine that is little-endian"
            );
    }
}
