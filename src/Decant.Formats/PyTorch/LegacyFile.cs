using System.Numerics;
using Decant.Core;
using Decant.Formats.Npy;

namespace Decant.Formats.PyTorch;

/// <summary>
/// What torch.save wrote before PyTorch 1.6: pickles of a magic number, of the format's version, of the machine, of the
/// object, and of the storages' keys; then for each key how many numbers follow, as 64 bits, and the numbers,
/// little-endian.
/// </summary>
internal static class LegacyFile
{
    private const long Version = 1001;
    private static readonly BigInteger Magic = BigInteger.Parse(
        "119547037146038801333356",
        System.Globalization.CultureInfo.InvariantCulture
    );

    /// <summary>Reads the tensors.</summary>
    /// <exception cref="FileFormatException">The file is of another format, or damaged.</exception>
    public static IReadOnlyList<KeyValuePair<string, Tensor>> Read(BoundedStream stream)
    {
        if (Begin(stream) is not BigInteger magic || magic != Magic)
            throw NoFile();
        if (Unpickler.Read(stream).Root is not Version)
            throw new FileFormatException(
                "the file's version is another than 1001, the only one there is",
                stream.Position
            );
        Unpickler.Read(stream);
        var (root, storages) = Unpickler.Read(stream);
        StateEntries state = StateEntries.Of(root);
        if (Unpickler.Read(stream).Root is not List<object?> keys)
            throw new FileFormatException("the list of storages is missing", stream.Position);
        Dictionary<string, Tensor> numbers = Numbers(stream, keys, storages, state.Storages);
        return state.Tensors(storage => numbers[storage.Key]);
    }

    private static object? Begin(BoundedStream stream)
    {
        try
        {
            return Unpickler.Read(stream).Root;
        }
        catch (FileFormatException e)
        {
            throw new FileFormatException($"{NoFile().Message}: {e.Message}", e);
        }
    }

    private static Dictionary<string, Tensor> Numbers(
        BoundedStream stream,
        List<object?> keys,
        IReadOnlyDictionary<string, StorageReference> storages,
        HashSet<string> needed
    )
    {
        var numbers = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (object? item in keys)
        {
            if (item is not string key || !storages.TryGetValue(key, out StorageReference? storage))
                throw new FileFormatException($"no tensor lies in storage '{item}'", stream.Position);
            ulong count = new PickleInput(stream).UInt64();
            if (count != (ulong)storage.Count)
                throw new FileFormatException(
                    $"storage '{key}' has {count} elements where its tensors say {storage.Count}",
                    stream.Position
                );
            if (!needed.Remove(key))
                stream.Skip(storage.Bytes);
            else
                numbers.Add(key, storage.Read(stream));
        }
        if (needed.Count > 0)
            throw new FileFormatException($"storage '{needed.First()}' is missing", stream.Position);
        return stream.Remaining == 0
            ? numbers
            : throw new FileFormatException($"{stream.Remaining} bytes follow the last storage", stream.Position);
    }

    private static FileFormatException NoFile() =>
        new("this is not a file of torch.save: it begins neither as a zip file nor with PyTorch's magic number");
}
