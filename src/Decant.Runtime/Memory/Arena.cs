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

    /// <summary>The largest first, each at the lowest place that is free while it lives.</summary>
    private static long Place(PlanBuffer[] buffers)
    {
        var placed = new List<PlanBuffer>();
        long end = 0;
        foreach (PlanBuffer buffer in buffers.OrderByDescending(b => b.Count).ThenBy(b => b.First))
        {
            buffer.Offset = LowestFree(buffer, placed);
            end = Math.Max(end, buffer.Offset + Size(buffer));
            placed.Add(buffer);
        }
        return end;
    }

    private static long LowestFree(PlanBuffer buffer, List<PlanBuffer> placed)
    {
        long at = 0;
        foreach (PlanBuffer other in placed.Where(p => Conflict(p, buffer)).OrderBy(p => p.Offset))
        {
            if (other.Offset - at >= Size(buffer))
                break;
            at = Math.Max(at, other.Offset + Size(other));
        }
        return at;
    }

    /// <summary>
    /// Whether two may not share a place: both live, or the border of one would be lost to the other.
    /// </summary>
    private static bool Conflict(PlanBuffer a, PlanBuffer b) =>
        (a.First <= b.Last && b.First <= a.Last)
        || ((a.Frame is not null || b.Frame is not null) && a.Frame != b.Frame);

    private static long Size(PlanBuffer buffer) => (buffer.Count + Slack + Line - 1) / Line * Line;
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
