using System.Collections.Immutable;
using Decant.Core;

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
                if (Shape[axis] > 1 && Strides[axis] != Shape.CountFrom(axis + 1)) return false;
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
            throw new FileFormatException($"a tensor of {string.Join('×', sizes)} with strides {string.Join(',', strides)} from {offset} on does not lie in its storage of {storage.Count} numbers", position);
        // An axis of one number may have any stride.
        return new TensorReference(storage, (int)offset, new Shape([.. sizes.Select(s => (int)s)]), [.. strides.Select((s, i) => sizes[i] > 1 ? (int)s : 1)]);
    }

    /// <summary>Takes the view's numbers out of its storage.</summary>
    /// <param name="storage">The storage's numbers.</param>
    /// <returns>A tensor that shares its array with the storage where the view is whole.</returns>
    public Tensor View(Tensor storage)
    {
        if (IsWhole) return storage.Reshape(Shape);
        Tensor view = Tensor.Zeros(storage.Type, Shape);
        int size = storage.Type.Size();
        Span<byte> from = storage.Bytes(), to = view.Bytes();
        var index = new int[Shape.Rank];
        for (int i = 0, at = Offset; i < view.Count; i++, at = Next(index, at)) from.Slice(at * size, size).CopyTo(to[(i * size)..]);
        return view;
    }

    /// <summary>Where the number after one lies, in row-major order of the view.</summary>
    private int Next(int[] index, int at)
    {
        for (int axis = index.Length - 1; axis >= 0; axis--)
        {
            if (++index[axis] < Shape[axis]) return at + Strides[axis];
            at -= (index[axis] - 1) * Strides[axis];
            index[axis] = 0;
        }
        return at;
    }

    private static bool Fits(int available, long offset, long[] sizes, long[] strides)
    {
        Int128 count = 1, last = offset;
        for (int i = 0; i < sizes.Length; i++)
        {
            if (sizes[i] is < 0 or > int.MaxValue || strides[i] is < 0 or > int.MaxValue && sizes[i] > 1) return false;
            count *= sizes[i];
            if (sizes[i] > 0) last += (Int128)(sizes[i] - 1) * strides[i];
            if (count > available) return false;
        }
        return offset >= 0 && (count == 0 ? offset <= available : last < available);
    }
}
