using Decant.Core;

namespace Decant.Techniques.Groups;

/// <summary>Which numbers of a weight share a scale: those of one place along an axis, or all.</summary>
internal sealed class WeightChannels
{
    private readonly int inner, total;

    /// <summary>Along an axis; -1 for all together.</summary>
    public WeightChannels(Shape shape, int axis)
    {
        total = (int)shape.Count;
        Count = axis < 0 ? 1 : shape[axis];
        inner = axis < 0 ? Math.Max(1, total) : (int)shape.CountFrom(axis + 1);
    }

    /// <summary>How many scales there are.</summary>
    public int Count { get; }

    /// <summary>The channel of a row-major position.</summary>
    public int Of(int position) => position / inner % Count;

    /// <summary>The numbers of a channel, row-major.</summary>
    public T[] Take<T>(ReadOnlySpan<T> values, int channel)
    {
        var taken = new T[total / Count];
        for (int i = 0, start = channel * inner; i < taken.Length; i += inner, start += inner * Count) values.Slice(start, inner).CopyTo(taken.AsSpan(i));
        return taken;
    }
}
