namespace Decant.Runtime.Memory;

/// <summary>Places buffers so that those in use at the same time do not overlap, and holds their memory.</summary>
internal sealed unsafe class Arena
{
    // A vector read at the end of a buffer may reach beyond it; lines keep buffers of threads apart.
    private const int Slack = 160, Line = 16;
    private readonly Pinned<float> memory;

    /// <summary>Places all buffers that a stage uses and takes memory for them.</summary>
    /// <exception cref="ModelException">They take more than <paramref name="limit"/> bytes.</exception>
    public Arena(IReadOnlyCollection<PlanBuffer> buffers, long limit)
    {
        PlanBuffer[] used = [.. buffers.Where(b => b.Last >= 0)];
        long count = Place(used);
        Bytes = checked(count * sizeof(float));
        if (Bytes > limit || count > Array.MaxLength - Line)
            throw new ModelException($"this network's values take {Bytes:N0} bytes at once; this session may use {limit:N0}: feed a smaller batch, or raise the limit");
        memory = new Pinned<float>((int)count);
        foreach (PlanBuffer buffer in used) buffer.Address = memory.Address + buffer.Offset;
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
            if (other.Offset - at >= Size(buffer)) break;
            at = Math.Max(at, other.Offset + Size(other));
        }
        return at;
    }

    /// <summary>Whether two may not share a place: both live, or the border of one would be lost to the other.</summary>
    private static bool Conflict(PlanBuffer a, PlanBuffer b) =>
        (a.First <= b.Last && b.First <= a.Last) || ((a.Frame is not null || b.Frame is not null) && a.Frame != b.Frame);

    private static long Size(PlanBuffer buffer) => (buffer.Count + Slack + Line - 1) / Line * Line;
}
