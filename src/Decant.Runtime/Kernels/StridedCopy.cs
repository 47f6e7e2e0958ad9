using System.Runtime.InteropServices;

namespace Decant.Runtime.Kernels;

/// <summary>
/// Fills a row-major tensor from another of the same element type, read at a distance for each axis of the result: 0 repeats, and the
/// axes may be those of any finer or coarser cut of the result. Transpose, Expand, Tile, Split and DepthToSpace are such copies.
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
        if (to.Count == 0) return;
        var (outer, steps, width, step) = Joined(extents, strides);
        switch (from.Type.Size())
        {
            case 1: Rows<byte>(from, first, outer, steps, width, step, to); break;
            case 2: Rows<ushort>(from, first, outer, steps, width, step, to); break;
            case 4: Rows<uint>(from, first, outer, steps, width, step, to); break;
            default: Rows<ulong>(from, first, outer, steps, width, step, to); break;
        }
    }

    /// <summary>Axes that lie in memory as one are made one; the last is given apart.</summary>
    private static (int[] Outer, int[] Steps, int Width, int Step) Joined(ReadOnlySpan<int> extents, ReadOnlySpan<int> strides)
    {
        List<int> sizes = [], steps = [];
        for (int axis = 0; axis < extents.Length; axis++)
        {
            if (extents[axis] == 1) continue;
            if (sizes.Count > 0 && steps[^1] == (long)strides[axis] * extents[axis]) (sizes[^1], steps[^1]) = (sizes[^1] * extents[axis], strides[axis]);
            else
            {
                sizes.Add(extents[axis]);
                steps.Add(strides[axis]);
            }
        }
        return sizes.Count == 0 ? ([], [], 1, 1) : ([.. sizes[..^1]], [.. steps[..^1]], sizes[^1], steps[^1]);
    }

    private static void Rows<T>(Tensor from, int first, int[] outer, int[] steps, int width, int step, Tensor to) where T : unmanaged
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
                if (++at[axis] < outer[axis]) break;
                start -= steps[axis] * outer[axis];
                at[axis] = 0;
            }
            if (axis < 0) return;
        }
    }

    private static void Row<T>(ReadOnlySpan<T> from, int at, int step, Span<T> to)
    {
        if (step == 1) from.Slice(at, to.Length).CopyTo(to);
        else if (step == 0) to.Fill(from[at]);
        else
            for (int i = 0; i < to.Length; i++, at += step) to[i] = from[at];
    }
}
