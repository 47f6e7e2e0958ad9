using System.Runtime.InteropServices;

namespace Decant.Core.Channels;

/// <summary>
/// Takes places along axes of weights; every kind of encoding stays what it is, but vectors, and scales in blocks of
/// which only a part is taken, which become plain numbers.
/// </summary>
internal static class WeightSlices
{
    /// <summary>The weight at the places kept of each axis; null keeps all of an axis.</summary>
    public static Encoding Take(Encoding encoding, int[]?[] kept)
    {
        var shape = new Shape([.. encoding.Shape.Dims.Select((d, axis) => kept[axis]?.Length ?? d)]);
        return encoding switch
        {
            SparseEncoding e => Take(e, shape, kept),
            CodebookEncoding e => new CodebookEncoding(
                shape,
                e.Codebook.ToArray(),
                Take(e.Indices, e.Shape, kept),
                e.ZeroApart
            ),
            LinearEncoding e => Take(e, shape, kept),
            TernaryEncoding e => new TernaryEncoding(
                shape,
                Take(e.Signs, e.Shape, kept),
                Outputs(e.Negative, kept),
                Outputs(e.Positive, kept)
            ),
            BinaryEncoding e => Take(e, shape, kept),
            _ => Take(encoding.Decode(), shape, kept),
        };
    }

    private static DenseEncoding Take(Tensor tensor, Shape shape, int[]?[] kept)
    {
        Tensor taken = Tensor.Zeros(tensor.Type, shape);
        TakeBytes(tensor.Bytes(), tensor.Shape, tensor.Type.Size(), kept).CopyTo(taken.Bytes());
        return new DenseEncoding(taken);
    }

    private static Encoding Take(LinearEncoding e, Shape shape, int[]?[] kept)
    {
        if (shape.Count == 0)
            return Take(e.Decode(), shape, kept);
        int[]?[] scales = kept;
        if (e.Block > 0)
        {
            if (!Blocks(kept[e.Axis], e.Shape[e.Axis], e.Block, out int[]? blocks))
                return Take(e.Decode(), shape, kept);
            scales = [.. kept];
            scales[e.Axis] = blocks;
        }
        return e.Bits > 8
            ? new LinearEncoding(
                shape,
                e.Bits,
                Take(e.WideCodes, e.Shape, kept),
                Scales(e.Scales),
                Scales(e.Zeros),
                e.Axis,
                e.Block
            )
            : new LinearEncoding(
                shape,
                e.Bits,
                Take(e.Codes, e.Shape, kept),
                Scales(e.Scales),
                Scales(e.Zeros),
                e.Axis,
                e.Block
            );

        T[] Scales<T>(ReadOnlySpan<T> all)
            where T : unmanaged =>
            e.Block == 0 || all.IsEmpty ? Along(all, e.Axis, scales) : Take(all, e.ScaleShape, scales);
    }

    /// <summary>
    /// Which blocks are kept, null for all; false if some are kept in part, or do not follow each other.
    /// </summary>
    private static bool Blocks(int[]? places, int extent, int block, out int[]? blocks)
    {
        blocks = null;
        if (places is null)
            return true;
        var found = new List<int>();
        for (int i = 0; i < places.Length; i += block)
        {
            int first = places[i],
                length = Math.Min(block, extent - first);
            if (first % block != 0 || i + length > places.Length || (length < block && i + length < places.Length))
                return false;
            for (int k = 1; k < length; k++)
                if (places[i + k] != first + k)
                    return false;
            found.Add(first / block);
        }
        blocks = [.. found];
        return true;
    }

    /// <summary>Positions stay a mask: also those of zeros.</summary>
    private static SparseEncoding Take(SparseEncoding e, Shape shape, int[]?[] kept)
    {
        int[] place = new int[e.Count];
        e.Positions.ToArray().Select((p, k) => (p, k)).ToList().ForEach(x => place[x.p] = x.k + 1);
        int[] taken = Take<int>(place, e.Shape, kept),
            positions = [.. Enumerable.Range(0, taken.Length).Where(i => taken[i] > 0)];
        float[] values = e.Values.ToArray();
        return new SparseEncoding(shape, positions, Array.ConvertAll(positions, p => values[taken[p] - 1]));
    }

    private static BinaryEncoding Take(BinaryEncoding e, Shape shape, int[]?[] kept)
    {
        float[] signs = [.. Enumerable.Range(0, e.Count).Select(i => e.IsPositive(i) ? 1f : -1)];
        return new BinaryEncoding(
            shape,
            BinaryEncoding.SignsOf(Take<float>(signs, e.Shape, kept)),
            Outputs(e.Scales, kept)
        );
    }

    private static T[] Outputs<T>(ReadOnlySpan<T> numbers, int[]?[] kept) =>
        Along(numbers, numbers.Length > 1 ? 0 : -1, kept);

    private static T[] Along<T>(ReadOnlySpan<T> numbers, int axis, int[]?[] kept)
    {
        T[] all = numbers.ToArray();
        return axis >= 0 && all.Length > 0 && kept[axis] is { } places ? Array.ConvertAll(places, p => all[p]) : all;
    }

    private static T[] Take<T>(ReadOnlySpan<T> all, Shape shape, int[]?[] kept)
        where T : unmanaged =>
        MemoryMarshal.Cast<byte, T>(TakeBytes(MemoryMarshal.AsBytes(all), shape, Marshal.SizeOf<T>(), kept)).ToArray();

    private static ReadOnlySpan<byte> TakeBytes(ReadOnlySpan<byte> all, Shape shape, int size, int[]?[] kept)
    {
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            if (kept[axis] is not { } places)
                continue;
            all = TakeAlong(all, shape[axis], (int)shape.CountFrom(axis + 1) * size, places);
            shape = shape.With(axis, places.Length);
        }
        return all;
    }

    private static byte[] TakeAlong(ReadOnlySpan<byte> all, int extent, int inner, int[] places)
    {
        int outer = all.Length / Math.Max(1, extent * inner);
        byte[] taken = new byte[outer * places.Length * inner];
        for (int o = 0, to = 0; o < outer; o++)
            foreach (int place in places)
            {
                all.Slice((o * extent + place) * inner, inner).CopyTo(taken.AsSpan(to));
                to += inner;
            }
        return taken;
    }
}

/// <summary>Sets elements of weights to zero; an encoding that has a zero stays what it is.</summary>
internal static class WeightZeros
{
    /// <summary>The weight with zeros where they are wanted.</summary>
    public static Encoding Set(Encoding encoding, bool[] zero) =>
        encoding switch
        {
            SparseEncoding e => Set(e, zero),
            CodebookEncoding e when Entry(e) is >= 0 and var entry => Set(e, zero, entry),
            LinearEncoding e => e.WithZeros(zero),
            TernaryEncoding e => new TernaryEncoding(
                e.Shape,
                Set<sbyte>(e.Signs, zero, _ => 0),
                e.Negative.ToArray(),
                e.Positive.ToArray()
            ),
            _ => new DenseEncoding(
                Tensor.Of(encoding.Shape, Set<float>(encoding.Decode().Span<float>(), zero, _ => 0))
            ),
        };

    private static SparseEncoding Set(SparseEncoding e, bool[] zero)
    {
        int[] positions = e.Positions.ToArray();
        float[] values = e.Values.ToArray();
        return new SparseEncoding(
            e.Shape,
            [.. positions.Where(p => !zero[p])],
            [.. values.Where((_, k) => !zero[positions[k]])]
        );
    }

    private static CodebookEncoding Set(CodebookEncoding e, bool[] zero, int entry)
    {
        float[] codebook = entry < e.Codebook.Length ? e.Codebook.ToArray() : [.. e.Codebook, 0];
        return new CodebookEncoding(e.Shape, codebook, Set<byte>(e.Indices, zero, _ => (byte)entry), e.ZeroApart);
    }

    /// <summary>The entry that is zero, or the place for one; below 0 if there is none left.</summary>
    private static int Entry(CodebookEncoding e) =>
        e.Codebook.IndexOf(0f) is >= 0 and var at ? at
        : e.Codebook.Length < CodebookEncoding.MaxEntries ? e.Codebook.Length
        : -1;

    private static T[] Set<T>(ReadOnlySpan<T> values, bool[] zero, Func<int, T> put)
    {
        T[] result = values.ToArray();
        for (int i = 0; i < result.Length; i++)
            if (zero[i])
                result[i] = put(i);
        return result;
    }
}
