using System.Buffers.Binary;
using Decant.Core;
using Decant.Formats.Npy;

namespace Decant.Formats.PyTorch;

/// <summary>
/// Reads state dictionaries that PyTorch's torch.save wrote, in its zip format and in the one before: tensors by name.
/// Nothing that the file's pickle asks to be run is run; a file that holds other objects than dictionaries, texts,
/// numbers and tensors is refused.
/// </summary>
public static class PyTorchReader
{
    private const uint ZipMark = 0x04034B50;

    /// <summary>Reads a file (.th, .pt, .pth).</summary>
    /// <returns>The tensors in the file's order: those of its entry <c>state_dict</c> where it has one; without the
    /// prefix "module." that all names have after training on several devices. bfloat16 comes as float32.</returns>
    /// <exception cref="FileFormatException">It is damaged, no state dictionary, or asks for what is no part of one;
    /// that is named.</exception>
    /// <exception cref="DecantException">It cannot be read.</exception>
    public static IReadOnlyList<KeyValuePair<string, Tensor>> Read(string path) =>
        InputFile.Read(path, stream => Read(new BufferedStream(stream, 1 << 16)));

    /// <summary>Reads a file that lies in a stream.</summary>
    /// <param name="stream">The stream, which is closed; one that cannot seek is first copied into memory.</param>
    /// <exception cref="FileFormatException">It is damaged, no state dictionary, or asks for what is no part of one;
    /// that is named.</exception>
    public static IReadOnlyList<KeyValuePair<string, Tensor>> Read(Stream stream)
    {
        using Stream file = InputFile.Seekable(stream);
        Span<byte> mark = stackalloc byte[sizeof(uint)];
        long start = file.Position;
        bool zip =
            file.ReadAtLeast(mark, mark.Length, throwOnEndOfStream: false) == mark.Length
            && BinaryPrimitives.ReadUInt32LittleEndian(mark) == ZipMark;
        file.Position = start;
        return zip ? ArchiveFile.Read(file) : LegacyFile.Read(new BoundedStream(file, file.Length - start));
    }
}

/// <summary>The tensors of a state dictionary, by name and in order, before their numbers are read.</summary>
internal sealed class StateEntries
{
    private const string Nested = "state_dict",
        Parallel = "module.";

    private readonly List<KeyValuePair<string, TensorReference>> entries = [];

    private StateEntries(OrderedDictionary<object, object?> state)
    {
        foreach (var (key, value) in state)
        {
            if (key is not string name || value is not TensorReference tensor)
                throw new FileFormatException(
                    $"the file's entry '{key}' is no tensor: neither the file nor its entry '{Nested}' is "
                        + "a state dictionary"
                );
            entries.Add(KeyValuePair.Create(name, tensor));
        }
        if (entries.Count == 0)
            throw new FileFormatException("the state dictionary is empty");
    }

    /// <summary>
    /// Finds the state dictionary in what a file holds: the whole of it, or its entry <c>state_dict</c>.
    /// </summary>
    /// <exception cref="FileFormatException">There is none.</exception>
    public static StateEntries Of(object? root)
    {
        if (root is not OrderedDictionary<object, object?> top)
            throw new FileFormatException("the file holds no dictionary");
        return new StateEntries(
            top.TryGetValue(Nested, out object? nested) && nested is OrderedDictionary<object, object?> state
                ? state
                : top
        );
    }

    /// <summary>The keys of the storages whose numbers are needed.</summary>
    public HashSet<string> Storages => [.. entries.Select(e => e.Value.Storage.Key)];

    /// <summary>
    /// Takes the tensors out of their storages. Names lose the "module." that training on several devices puts before
    /// them all.
    /// </summary>
    /// <param name="numbers">The numbers of a storage.</param>
    /// <exception cref="FileFormatException">Overlapping tensors would take far more memory than the
    /// storages.</exception>
    public IReadOnlyList<KeyValuePair<string, Tensor>> Tensors(Func<StorageReference, Tensor> numbers)
    {
        CheckCopies();
        int skip = entries.All(e => e.Key.StartsWith(Parallel, StringComparison.Ordinal)) ? Parallel.Length : 0;
        var read = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var tensors = new List<KeyValuePair<string, Tensor>>();
        foreach (var (name, tensor) in entries)
        {
            if (!read.TryGetValue(tensor.Storage.Key, out Tensor? storage))
                read[tensor.Storage.Key] = storage = numbers(tensor.Storage);
            tensors.Add(KeyValuePair.Create(name[skip..], tensor.View(storage)));
        }
        return tensors;
    }

    private void CheckCopies()
    {
        const int Most = 4;
        Int128 copied = 0,
            stored = 0;
        foreach (TensorReference tensor in entries.Select(e => e.Value).Where(t => !t.IsWhole))
            copied += tensor.Shape.Count;
        foreach (StorageReference storage in entries.Select(e => e.Value.Storage).Distinct())
            stored += storage.Count;
        if (copied > Most * stored)
            throw new FileFormatException($"tensors overlap: {copied} elements would be copied out of {stored}");
    }
}
