using Decant.Core;

namespace Decant.Formats.PyTorch;

/// <summary>What the instructions of a pickle that would run code make instead.</summary>
/// <param name="position">Tells where in the file reading is, for messages.</param>
/// <param name="count">Is told how many objects are copied, and stops where they are too many.</param>
internal sealed class PickleCalls(Func<long> position, Action<int> count)
{
    private readonly Dictionary<string, StorageReference> storages = new(StringComparer.Ordinal);

    /// <summary>The storages that were named, by key.</summary>
    public IReadOnlyDictionary<string, StorageReference> Storages => storages;

    /// <summary>What a name stands for: a <see cref="PickleGlobal"/> or a <see cref="StorageType"/>.</summary>
    /// <exception cref="FileFormatException">It is none that is known.</exception>
    public object Global(string module, string name) =>
        (module, name) switch
        {
            ("collections", "OrderedDict") => PickleGlobal.OrderedDictionary,
            ("torch._utils", "_rebuild_tensor") => PickleGlobal.RebuildTensor,
            ("torch._utils", "_rebuild_tensor_v2") => PickleGlobal.RebuildTensorV2,
            ("torch._utils", "_rebuild_parameter") => PickleGlobal.RebuildParameter,
            ("torch", _) when StorageType.Find(name) is { } type => type,
            _ => throw new FileFormatException(
                $"the file asks for '{module}.{name}', which is no part of a state dictionary; save "
                    + "model.state_dict() alone, with torch.save",
                position()
            ),
        };

    /// <summary>Makes what a call of a name would.</summary>
    public object? Call(object? function, object? arguments) =>
        (function, arguments) switch
        {
            (PickleGlobal.OrderedDictionary, object?[] { Length: 0 }) => new OrderedDictionary<object, object?>(),
            (PickleGlobal.OrderedDictionary, object?[] { Length: 1 } a) when a[0] is List<object?> pairs => Dictionary(
                pairs
            ),
            (PickleGlobal.RebuildTensor, object?[] { Length: 4 } a) => Tensor(a),
            (PickleGlobal.RebuildTensorV2, object?[] { Length: 6 or 7 } a) => Tensor(a),
            (PickleGlobal.RebuildParameter, object?[] { Length: 3 } a) when a[0] is TensorReference => a[0],
            _ => throw Damaged("calls what cannot be called so"),
        };

    /// <summary>
    /// The storage that a persistent id names: ('storage', class, key, device, count), and in old files a view, which
    /// is None.
    /// </summary>
    public StorageReference Storage(object? id)
    {
        if (
            id is not object?[] { Length: 5 or 6 } parts
            || parts is not ["storage", StorageType type, string key, _, long numbers, ..]
            || (parts.Length == 6 && parts[5] is not null)
        )
            throw Damaged("names something outside that is no whole storage");
        if (numbers < 0 || numbers > Array.MaxLength)
            throw Damaged($"has a storage of {numbers} elements");
        var storage = new StorageReference(key, type, (int)numbers);
        if (storages.TryGetValue(key, out StorageReference? known) && known != storage)
            throw Damaged($"says two different things of storage '{key}'");
        return storages[key] = known ?? storage;
    }

    /// <summary>Appends to a list.</summary>
    public void Append(object?[] items, object? list)
    {
        if (list is not List<object?> known)
            throw Damaged("appends to what is no list");
        known.AddRange(items);
    }

    /// <summary>Adds keys and values, by turns, to a dictionary.</summary>
    public void SetItems(object?[] items, object? dictionary)
    {
        if (dictionary is not OrderedDictionary<object, object?> known || items.Length % 2 != 0)
            throw Damaged("adds keys and values to what is no dictionary, or a key without a value");
        for (int i = 0; i < items.Length; i += 2)
            Add(known, items[i], items[i + 1]);
    }

    /// <summary>
    /// Ordered dictionaries carry the versions of modules as their state, which says nothing of the numbers.
    /// </summary>
    public static void IgnoreState(object? target, long position)
    {
        if (target is not OrderedDictionary<object, object?>)
            throw new FileFormatException("the pickle sets the state of what is no dictionary", position);
    }

    private OrderedDictionary<object, object?> Dictionary(List<object?> pairs)
    {
        count(pairs.Count);
        var made = new OrderedDictionary<object, object?>();
        foreach (object? pair in pairs)
            if (pair is IReadOnlyList<object?> { Count: 2 } both)
                Add(made, both[0], both[1]);
            else
                throw Damaged("makes a dictionary of what are no pairs");
        return made;
    }

    private void Add(OrderedDictionary<object, object?> dictionary, object? key, object? value)
    {
        if (key is not (string or long))
            throw Damaged("has a key that is neither a text nor an integer");
        if (!dictionary.TryAdd(key, value))
            throw Damaged($"has the key '{key}' twice");
    }

    private TensorReference Tensor(object?[] a) =>
        a is [StorageReference storage, long offset, object?[] sizes, object?[] strides, ..]
            ? TensorReference.Of(storage, offset, Integers(sizes), Integers(strides), position())
            : throw Damaged("makes a tensor of what are not a storage, an offset, sizes and strides");

    private long[] Integers(object?[] tuple) =>
        Array.ConvertAll(tuple, item =>
            item is long integer ? integer : throw Damaged("has a size or stride that is no integer")
        );

    private FileFormatException Damaged(string what) => new($"the pickle {what}", position());
}

/// <summary>
/// The few names that a state dictionary may ask for. They are never looked up anywhere: what they make is known here.
/// </summary>
internal enum PickleGlobal
{
    /// <summary>collections.OrderedDict.</summary>
    OrderedDictionary,

    /// <summary>torch._utils._rebuild_tensor: storage, offset, sizes, strides.</summary>
    RebuildTensor,

    /// <summary>torch._utils._rebuild_tensor_v2: the same, then whether it wants a gradient, and hooks.</summary>
    RebuildTensorV2,

    /// <summary>torch._utils._rebuild_parameter: a tensor, whether it wants a gradient, and hooks.</summary>
    RebuildParameter,
}
