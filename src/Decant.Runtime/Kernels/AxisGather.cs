using System.Runtime.InteropServices;

namespace Decant.Runtime.Kernels;

/// <summary>
/// Fills a tensor from another of equal rank, any element type: along each axis a map says which input coordinate an
/// output coordinate takes, or <see cref="Fill"/> for a constant. Slice and Pad are such maps.
/// </summary>
internal static class AxisGather
{
    /// <summary>Marks an output coordinate that takes the constant.</summary>
    public const int Fill = -1;

    /// <summary>Gathers.</summary>
    /// <param name="x">The input.</param>
    /// <param name="maps">A map for each axis, as long as the output there.</param>
    /// <param name="output">The output's shape.</param>
    /// <param name="fill">The bytes of the constant; empty for zero.</param>
    public static Tensor Run(Tensor x, int[][] maps, Shape output, ReadOnlySpan<byte> fill)
    {
        Tensor result = Tensor.Zeros(x.Type, output);
        switch (x.Type.Size())
        {
            case 1:
                Run<byte>(x, maps, result, fill);
                break;
            case 2:
                Run<ushort>(x, maps, result, fill);
                break;
            case 4:
                Run<uint>(x, maps, result, fill);
                break;
            default:
                Run<ulong>(x, maps, result, fill);
                break;
        }
        return result;
    }

    private static void Run<T>(Tensor x, int[][] maps, Tensor result, ReadOnlySpan<byte> fill)
        where T : unmanaged
    {
        ReadOnlySpan<T> from = MemoryMarshal.Cast<byte, T>(x.Bytes());
        Span<T> to = MemoryMarshal.Cast<byte, T>(result.Bytes());
        T constant = fill.IsEmpty ? default : MemoryMarshal.Read<T>(fill);
        if (to.IsEmpty)
            return;
        if (maps.Length == 0)
        {
            from.CopyTo(to);
            return;
        }
        int width = maps[^1].Length;
        bool block = IsBlock(maps[^1]);
        int[] strides = Strides.Of(x.Shape),
            at = new int[maps.Length - 1];
        for (; !to.IsEmpty; to = to[width..], Advance(at, maps))
        {
            int start = Start(at, maps, strides);
            if (start == Fill)
                to[..width].Fill(constant);
            else if (block)
                from.Slice(start + maps[^1][0], width).CopyTo(to);
            else
                Row(from[start..], maps[^1], to[..width], constant);
        }
    }

    /// <summary>Whether a row of the result lies in one piece.</summary>
    private static bool IsBlock(int[] map)
    {
        for (int i = 0; i < map.Length; i++)
            if (map[i] == Fill || map[i] != map[0] + i)
                return false;
        return true;
    }

    private static void Row<T>(ReadOnlySpan<T> from, int[] map, Span<T> to, T constant)
    {
        for (int i = 0; i < map.Length; i++)
            to[i] = map[i] == Fill ? constant : from[map[i]];
    }

    /// <summary>Where the input's row begins that an output row takes.</summary>
    private static int Start(int[] at, int[][] maps, int[] strides)
    {
        int start = 0;
        for (int axis = 0; axis < at.Length; axis++)
        {
            int i = maps[axis][at[axis]];
            if (i == Fill)
                return Fill;
            start += i * strides[axis];
        }
        return start;
    }

    private static void Advance(int[] at, int[][] maps)
    {
        for (int axis = at.Length - 1; axis >= 0 && ++at[axis] == maps[axis].Length; axis--)
            at[axis] = 0;
    }
}
