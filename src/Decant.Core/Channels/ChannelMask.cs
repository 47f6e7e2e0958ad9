using Decant.Core.Channels;

namespace Decant.Core;

/// <summary>
/// Sets channels to zero without changing a shape: what makes them and what reads them, so that they count for nothing
/// whatever an activation makes of zero. What comes out computes what <see cref="Thinning"/> of the same channels
/// computes.
/// </summary>
public static class ChannelMask
{
    /// <summary>Sets channels to zero.</summary>
    /// <param name="network">The network.</param>
    /// <param name="kept">For groups, by name, whether each channel is kept; groups that are not named stay as they
    /// are.</param>
    /// <exception cref="ModelException">A group is unknown, cannot be cut, would be cut whole, or has another number of
    /// channels.</exception>
    public static Network Apply(Network network, IReadOnlyDictionary<string, bool[]> kept) =>
        Apply(ChannelGroups.Of(network), kept);

    /// <summary>Sets channels of groups that were found already to zero.</summary>
    /// <exception cref="ModelException">A group is unknown, cannot be cut, would be cut whole, or has another number of
    /// channels.</exception>
    public static Network Apply(ChannelGroups groups, IReadOnlyDictionary<string, bool[]> kept)
    {
        var zeroed = CutChannels
            .Of(groups, kept)
            .SelectMany(c => c.Members)
            .Where(m => m.Role != ChannelRole.Companion)
            .GroupBy(m => m.Weight, StringComparer.Ordinal);
        return groups.Network.With(
            zeroed.ToDictionary(
                slices => slices.Key,
                slices => Zeroed(groups.Network.Weights[slices.Key].Encoding, slices),
                StringComparer.Ordinal
            )
        );
    }

    private static Encoding Zeroed(Encoding encoding, IEnumerable<ChannelSlice> slices)
    {
        var zero = new bool[encoding.Count];
        foreach (ChannelSlice slice in slices)
        {
            int extent = encoding.Shape[slice.Axis],
                inner = (int)encoding.Shape.CountFrom(slice.Axis + 1);
            for (int start = 0; start < zero.Length; start += extent * inner)
                foreach (int place in slice.Indices)
                    zero.AsSpan(start + place * inner, inner).Fill(true);
        }
        return WeightZeros.Set(encoding, zero);
    }
}
