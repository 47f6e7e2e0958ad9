using System.Runtime.InteropServices;

namespace Decant.Runtime.Kernels;

/// <summary>Where GatherElements reads and ScatterElements writes.</summary>
internal static class ElementPlaces
{
    /// <summary>
    /// For each index, in order, the element of data at its place but along the axis, where the index says.
    /// </summary>
    public static int[] Of(Shape data, Tensor indices, int axis)
    {
        int[] places = Places.On(data[axis], indices),
            strides = Strides.Of(data),
            extents = [.. indices.Shape.Dims];
        var at = new int[extents.Length];
        for (int i = 0; i < places.Length; i++)
        {
            int place = places[i] * strides[axis];
            for (int k = 0; k < at.Length; k++)
                if (k != axis)
                    place += at[k] * strides[k];
            places[i] = place;
            for (int k = at.Length - 1; k >= 0 && ++at[k] == extents[k]; k--)
                at[k] = 0;
        }
        return places;
    }
}

/// <summary>Indices given as a tensor of integers.</summary>
internal static class Places
{
    /// <summary>The indices as coordinates of an axis; negative ones count from its end.</summary>
    /// <exception cref="ModelException">One is outside, or they are not int32 or int64.</exception>
    public static int[] On(int extent, Tensor indices) =>
        indices.Type switch
        {
            ElementType.Int64 => Array.ConvertAll(indices.Array<long>(), i => Inside(i, extent)),
            ElementType.Int32 => Array.ConvertAll(indices.Array<int>(), i => Inside(i, extent)),
            var type => throw new ModelException($"indices of {type}; they must be Int32 or Int64"),
        };

    /// <summary>One index as a coordinate.</summary>
    /// <exception cref="ModelException">It is outside.</exception>
    public static int Inside(long index, int extent) =>
        index >= -extent && index < extent
            ? (int)(index < 0 ? index + extent : index)
            : throw new ModelException($"index {index} is outside an axis of {extent}");
}

/// <summary>Distances between neighbours along each axis, in elements.</summary>
internal static class Strides
{
    /// <summary>The strides of a row-major tensor.</summary>
    public static int[] Of(Shape shape)
    {
        var strides = new int[shape.Rank];
        for (int axis = shape.Rank - 1, step = 1; axis >= 0; step *= shape[axis--])
            strides[axis] = step;
        return strides;
    }

    /// <summary>
    /// The strides at which a tensor is read to fill a shape it broadcasts to: 0 along repeated axes.
    /// </summary>
    /// <exception cref="ModelException">It does not broadcast to that shape: reading on would leave it.</exception>
    public static int[] Broadcast(Shape shape, Shape to)
    {
        if (!shape.BroadcastsTo(to))
            throw new ModelException($"a tensor of shape {shape} does not broadcast to {to}");
        int[] own = Of(shape),
            strides = new int[to.Rank];
        int lead = to.Rank - shape.Rank;
        for (int axis = 0; axis < shape.Rank; axis++)
            strides[lead + axis] = shape[axis] == 1 ? 0 : own[axis];
        return strides;
    }

    /// <summary>
    /// Where the <paramref name="index"/>-th combination of the leading axes begins (strides past them are not looked
    /// at).
    /// </summary>
    public static int Offset(int index, ReadOnlySpan<int> extents, ReadOnlySpan<int> strides)
    {
        int offset = 0;
        for (int axis = extents.Length - 1; axis >= 0; axis--)
        {
            (index, int at) = Math.DivRem(index, extents[axis]);
            offset += at * strides[axis];
        }
        return offset;
    }
}

/// <summary>
/// Fills a row-major tensor from another of the same element type, read at a distance for each axis of the result: 0
/// repeats, and the axes may be those of any finer or coarser cut of the result. Transpose, Expand, Tile, Split and
/// DepthToSpace are such copies.
/// </summary>
internal static class StridedCopy
{
    /// <summary>Copies.</summary>
    /// <param name="from">The tensor to read.</param>
    /// <param name="first">The element that the result begins with.</param>
    /// <param name="extents">The result's axes; their product is its count.</param>
    /// <param name="strides">For each, the distance of neighbours in <paramref name="from"/>, in elements.</param>
    /// <param name="to">The result.</param>
    public static void Run(Tensor from, int first, ReadOnlySpan<int> extents, ReadOnlySpan<int> strides, Tensor to)
    {
        if (to.Count == 0)
            return;
        var (outer, steps, width, step) = Joined(extents, strides);
        switch (from.Type.Size())
        {
            case 1:
                Rows<byte>(from, first, outer, steps, width, step, to);
                break;
            case 2:
                Rows<ushort>(from, first, outer, steps, width, step, to);
                break;
            case 4:
                Rows<uint>(from, first, outer, steps, width, step, to);
                break;
            default:
                Rows<ulong>(from, first, outer, steps, width, step, to);
                break;
        }
    }

    /// <summary>Axes that lie in memory as one are made one; the last is given apart.</summary>
    private static (int[] Outer, int[] Steps, int Width, int Step) Joined(
        ReadOnlySpan<int> extents,
        ReadOnlySpan<int> strides
    )
    {
        List<int> sizes = [],
            steps = [];
        for (int axis = 0; axis < extents.Length; axis++)
        {
            if (extents[axis] == 1)
                continue;
            if (sizes.Count > 0 && steps[^1] == (long)strides[axis] * extents[axis])
                (sizes[^1], steps[^1]) = (sizes[^1] * extents[axis], strides[axis]);
            else
            {
                sizes.Add(extents[axis]);
                steps.Add(strides[axis]);
            }
        }
        return sizes.Count == 0 ? ([], [], 1, 1) : ([.. sizes[..^1]], [.. steps[..^1]], sizes[^1], steps[^1]);
    }

    private static void Rows<T>(Tensor from, int first, int[] outer, int[] steps, int width, int step, Tensor to)
        where T : unmanaged
    {
        ReadOnlySpan<T> source = MemoryMarshal.Cast<byte, T>(from.Bytes());
        Span<T> result = MemoryMarshal.Cast<byte, T>(to.Bytes());
        var at = new int[outer.Length];
        for (int start = first; ; result = result[width..])
        {
            Row(source, start, step, result[..width]);
            int axis = outer.Length - 1;
            for (; axis >= 0; axis--)
            {
                start += steps[axis];
                if (++at[axis] < outer[axis])
                    break;
                start -= steps[axis] * outer[axis];
                at[axis] = 0;
            }
            if (axis < 0)
                return;
        }
    }

    private static void Row<T>(ReadOnlySpan<T> from, int at, int step, Span<T> to)
    {
        if (step == 1)
            from.Slice(at, to.Length).CopyTo(to);
        else if (step == 0)
            to.Fill(from[at]);
        else
            for (int i = 0; i < to.Length; i++, at += step)
                to[i] = from[at];
    }
}
