using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Decant.Core;
using Decant.Formats.Npy;

namespace Decant.Formats.PyTorch;

/// <summary>A tensor as the pickle names it: a view of a storage.</summary>
/// <param name="Storage">Where its numbers lie.</param>
/// <param name="Offset">Where the first one is.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Strides">The step along each axis, in numbers.</param>
internal sealed record TensorReference(StorageReference Storage, int Offset, Shape Shape, ImmutableArray<int> Strides)
{
    private const int MaxRank = 64;

    /// <summary>Whether it is its storage, whole and in order.</summary>
    public bool IsWhole => Offset == 0 && Shape.Count == Storage.Count && IsRowMajor;

    private bool IsRowMajor
    {
        get
        {
            for (int axis = 0; axis < Shape.Rank; axis++)
                if (Shape[axis] > 1 && Strides[axis] != Shape.CountFrom(axis + 1))
                    return false;
            return true;
        }
    }

    /// <summary>Checks that a view lies within its storage.</summary>
    /// <exception cref="FileFormatException">It does not, or it has more numbers than its storage.</exception>
    public static TensorReference Of(StorageReference storage, long offset, long[] sizes, long[] strides, long position)
    {
        if (sizes.Length != strides.Length || sizes.Length > MaxRank)
            throw new FileFormatException($"a tensor of {sizes.Length} axes with {strides.Length} strides", position);
        if (!Fits(storage.Count, offset, sizes, strides))
            throw new FileFormatException(
                $"a tensor of {string.Join('×', sizes)} with strides {string.Join(',', strides)} from "
                    + $"{offset} on is outside its storage of {storage.Count} elements",
                position
            );
        // An axis of one number may have any stride.
        return new TensorReference(
            storage,
            (int)offset,
            new Shape([.. sizes.Select(s => (int)s)]),
            [.. strides.Select((s, i) => sizes[i] > 1 ? (int)s : 1)]
        );
    }

    /// <summary>Takes the view's numbers out of its storage.</summary>
    /// <param name="storage">The storage's numbers.</param>
    /// <returns>A tensor that shares its array with the storage where the view is whole.</returns>
    public Tensor View(Tensor storage)
    {
        if (IsWhole)
            return storage.Reshape(Shape);
        Tensor view = Tensor.Zeros(storage.Type, Shape);
        int size = storage.Type.Size();
        Span<byte> from = storage.Bytes(),
            to = view.Bytes();
        var index = new int[Shape.Rank];
        for (int i = 0, at = Offset; i < view.Count; i++, at = Next(index, at))
            from.Slice(at * size, size).CopyTo(to[(i * size)..]);
        return view;
    }

    /// <summary>Where the number after one lies, in row-major order of the view.</summary>
    private int Next(int[] index, int at)
    {
        for (int axis = index.Length - 1; axis >= 0; axis--)
        {
            if (++index[axis] < Shape[axis])
                return at + Strides[axis];
            at -= (index[axis] - 1) * Strides[axis];
            index[axis] = 0;
        }
        return at;
    }

    private static bool Fits(int available, long offset, long[] sizes, long[] strides)
    {
        Int128 count = 1,
            last = offset;
        for (int i = 0; i < sizes.Length; i++)
        {
            if (sizes[i] is < 0 or > int.MaxValue || strides[i] is < 0 or > int.MaxValue && sizes[i] > 1)
                return false;
            count *= sizes[i];
            if (sizes[i] > 0)
                last += (Int128)(sizes[i] - 1) * strides[i];
            if (count > available)
                return false;
        }
        return offset >= 0 && (count == 0 ? offset <= available : last < available);
    }
}

/// <summary>
/// A storage as the pickle names it: numbers that lie elsewhere in the file, which tensors are views of.
/// </summary>
/// <param name="Key">What the file calls it.</param>
/// <param name="Type">What it holds.</param>
/// <param name="Count">How many numbers.</param>
internal sealed record StorageReference(string Key, StorageType Type, int Count)
{
    /// <summary>Bytes it takes in the file.</summary>
    public long Bytes => (long)Count * Type.Stored.Size();

    /// <summary>Reads the numbers, little-endian, as a vector.</summary>
    /// <exception cref="FileFormatException">There are fewer bytes.</exception>
    public Tensor Read(BoundedStream stream)
    {
        if (Bytes > stream.Remaining)
            throw new FileFormatException(
                $"storage '{Key}' of {Count} elements needs {Bytes} bytes where {stream.Remaining} remain",
                stream.Position
            );
        if (Bytes > Array.MaxLength)
            throw new FileFormatException(
                $"storage '{Key}' takes {Bytes} bytes; at most {Array.MaxLength} are read",
                stream.Position
            );
        Tensor stored = Tensor.Zeros(Type.Stored, new Shape(Count));
        stream.Read(stored.Bytes());
        if (!BitConverter.IsLittleEndian)
            ByteOrder.Reverse(stored.Bytes(), Type.Stored.Size());
        if (Type.Stored == ElementType.Bool)
            ByteOrder.NormalizeBools(stored.Bytes());
        return Type.Stored == Type.Type ? stored : Widened(stored.Span<ushort>());
    }

    /// <summary>bfloat16 is the upper half of a 32-bit float.</summary>
    private static Tensor Widened(ReadOnlySpan<ushort> halves)
    {
        var floats = new float[halves.Length];
        Span<uint> bits = MemoryMarshal.Cast<float, uint>(floats.AsSpan());
        for (int i = 0; i < bits.Length; i++)
            bits[i] = (uint)halves[i] << 16;
        return Tensor.Vector(floats);
    }
}

/// <summary>What a storage of PyTorch holds.</summary>
/// <param name="Name">The name of its class in the module torch.</param>
/// <param name="Stored">The type whose bytes lie in the file; bfloat16 lies there as 16-bit integers.</param>
/// <param name="Type">The type that it is read as.</param>
internal sealed record StorageType(string Name, ElementType Stored, ElementType Type)
{
    private static readonly StorageType[] All =
    [
        new("FloatStorage", ElementType.Float32),
        new("DoubleStorage", ElementType.Float64),
        new("HalfStorage", ElementType.Float16),
        new("BFloat16Storage", ElementType.UInt16, ElementType.Float32),
        new("LongStorage", ElementType.Int64),
        new("IntStorage", ElementType.Int32),
        new("ShortStorage", ElementType.Int16),
        new("CharStorage", ElementType.Int8),
        new("ByteStorage", ElementType.UInt8),
        new("BoolStorage", ElementType.Bool),
    ];

    private StorageType(string name, ElementType type)
        : this(name, type, type) { }

    /// <summary>The storage of a class name; null if it is none that is known.</summary>
    public static StorageType? Find(string name) => Array.Find(All, t => t.Name == name);
}
