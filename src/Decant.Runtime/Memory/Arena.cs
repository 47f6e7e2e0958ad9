namespace Decant.Runtime.Memory;

/// <summary>Places buffers so that those in use at the same time do not overlap, and holds their memory.</summary>
internal sealed unsafe class Arena
{
    // A vector read at the end of a buffer may reach beyond it; lines keep buffers of threads apart.
    private const int Slack = 160,
        Line = 16;
    private readonly Pinned<float> memory;

    /// <summary>Places all buffers that a stage uses and takes memory for them.</summary>
    /// <exception cref="ModelException">They take more than <paramref name="limit"/> bytes.</exception>
    public Arena(IReadOnlyCollection<PlanBuffer> buffers, long limit)
    {
        PlanBuffer[] used = [.. buffers.Where(b => b.Last >= 0)];
        long count = Place(used);
        Bytes = checked(count * sizeof(float));
        if (Bytes > limit || count > Array.MaxLength - Line)
            throw new ModelException(
                $"this network's values take {Bytes:N0} bytes at once; this session may use {limit:N0}: "
                    + "feed a smaller batch, or raise the limit"
            );
        memory = new Pinned<float>((int)count);
        foreach (PlanBuffer buffer in used)
            buffer.Address = memory.Address + buffer.Offset;
    }

    /// <summary>What it takes.</summary>
    public long Bytes { get; }

    /// <summary>
    /// Each frame has a region of its own: its border may never be written by buffers of another. In a region, buffers
    /// are placed in the order of their first use and in the reverse order of their last; the smaller result is taken.
    /// </summary>
    private static long Place(PlanBuffer[] buffers)
    {
        long end = 0;
        foreach (IGrouping<Frame?, PlanBuffer> region in buffers.GroupBy(b => b.Frame))
        {
            PlanBuffer[] members = [.. region];
            var forward = new long[members.Length];
            var backward = new long[members.Length];
            long forwardEnd = Pack(members, b => (b.First, b.Last), forward),
                backwardEnd = Pack(members, b => (-b.Last, -b.First), backward);
            long[] offsets = backwardEnd < forwardEnd ? backward : forward;
            for (int i = 0; i < members.Length; i++)
                members[i].Offset = end + offsets[i];
            end += Math.Min(forwardEnd, backwardEnd);
        }
        return end;
    }

    /// <summary>Places buffers in the order of time: each takes the smallest gap that fits when its life
    /// begins.</summary>
    /// <returns>How much memory they take.</returns>
    private static long Pack(PlanBuffer[] buffers, Func<PlanBuffer, (int From, int To)> life, long[] offsets)
    {
        var free = new FreeRanges();
        var live = new PriorityQueue<int, int>();
        foreach (
            int i in Enumerable
                .Range(0, buffers.Length)
                .OrderBy(i => life(buffers[i]).From)
                .ThenByDescending(i => buffers[i].Count)
        )
        {
            var (from, to) = life(buffers[i]);
            while (live.TryPeek(out int over, out int last) && last < from)
            {
                live.Dequeue();
                free.Return(offsets[over], Size(buffers[over]));
            }
            offsets[i] = free.Take(Size(buffers[i]));
            live.Enqueue(i, to);
        }
        return free.End;
    }

    private static long Size(PlanBuffer buffer) => (buffer.Count + Slack + Line - 1) / Line * Line;
}

/// <summary>The unused ranges of a growing piece of memory.</summary>
internal sealed class FreeRanges
{
    private readonly SortedSet<(long Size, long Start)> gaps = [];
    private readonly Dictionary<long, long> ends = [];
    private readonly Dictionary<long, long> starts = [];

    /// <summary>Where the memory ends.</summary>
    public long End { get; private set; }

    /// <summary>Takes the start of the smallest gap that fits; where none fits, the memory grows.</summary>
    /// <returns>Where the range begins.</returns>
    public long Take(long size)
    {
        var (found, start) = gaps.GetViewBetween((size, 0), (long.MaxValue, long.MaxValue)).Min;
        if (found == 0)
        {
            // A gap at the end needs to grow by the rest alone.
            if (starts.TryGetValue(End, out start))
                Remove(start, End);
            else
                start = End;
            End = checked(start + size);
            return start;
        }
        Remove(start, start + found);
        if (found > size)
            Add(start + size, start + found);
        return start;
    }

    /// <summary>Gives a range back; it becomes one with the gaps beside it.</summary>
    public void Return(long start, long size)
    {
        long end = start + size;
        if (starts.TryGetValue(start, out long before))
        {
            Remove(before, start);
            start = before;
        }
        if (ends.TryGetValue(end, out long after))
        {
            Remove(end, after);
            end = after;
        }
        Add(start, end);
    }

    private void Add(long start, long end)
    {
        gaps.Add((end - start, start));
        (ends[start], starts[end]) = (end, start);
    }

    private void Remove(long start, long end)
    {
        gaps.Remove((end - start, start));
        ends.Remove(start);
        starts.Remove(end);
    }
}

/// <summary>
/// Floats that stages of a plan write and read, placed in the session's arena between its first and its last use. Where
/// images in it have a border only buffers of the same frame may lie in the same place, because stages write the inside
/// alone.
/// </summary>
/// <param name="count">How many floats.</param>
/// <param name="frame">What its border looks like; null if it has none.</param>
internal sealed unsafe class PlanBuffer(long count, Frame? frame)
{
    /// <summary>How many floats.</summary>
    public long Count => count;

    /// <summary>What its border looks like; null if it has none.</summary>
    public Frame? Frame => frame;

    /// <summary>The first stage that uses it.</summary>
    public int First { get; private set; } = int.MaxValue;

    /// <summary>The last stage that uses it.</summary>
    public int Last { get; private set; } = -1;

    /// <summary>Where it begins in the arena, in floats.</summary>
    public long Offset { get; set; }

    /// <summary>Where it begins in memory, once the arena is there.</summary>
    public float* Address { get; set; }

    /// <summary>Tells that a stage uses it.</summary>
    public void Use(int stage) => (First, Last) = (Math.Min(First, stage), Math.Max(Last, stage));

    /// <summary>Takes back that stages use it.</summary>
    public void Forget() => (First, Last) = (int.MaxValue, -1);
}

/// <summary>What bytes stand for: (q - Zero)·Scale.</summary>
/// <param name="Scale">A step.</param>
/// <param name="Zero">The byte that stands for zero.</param>
/// <param name="Signed">Whether bytes are -128 to 127 and not 0 to 255.</param>
internal readonly record struct ByteRange(float Scale, int Zero, bool Signed)
{
    /// <summary>The least byte.</summary>
    public int Least => Signed ? sbyte.MinValue : byte.MinValue;

    /// <summary>The greatest byte.</summary>
    public int Greatest => Signed ? sbyte.MaxValue : byte.MaxValue;

    /// <summary>The byte that is nearest to a number.</summary>
    public int Of(float value) =>
        float.IsInfinity(value)
            ? value < 0
                ? Least
                : Greatest
            : (int)Math.Clamp(MathF.Round(value / Scale) + Zero, Least, Greatest);
}
