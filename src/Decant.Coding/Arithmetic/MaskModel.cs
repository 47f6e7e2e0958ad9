namespace Decant.Coding;

/// <summary>An adaptive code of the positions of a weight's non-zeros.</summary>
internal sealed class MaskModel
{
    private readonly uint[] states = new uint[8];

    public MaskModel() => Array.Fill(states, AdaptiveBit.Unseen);

    /// <summary>Codes a mask of zeros and ones, row-major: reads <paramref name="given"/> when encoding, else fills <paramref name="made"/>.</summary>
    public void Code<T>(ref T coder, WeightGrid grid, ReadOnlySpan<byte> given, Span<byte> made) where T : struct, IBinaryCoder
    {
        int n = Math.Max(given.Length, made.Length), last = 0;
        for (int i = 0; i < n; i++)
        {
            int bit = AdaptiveBit.Code(ref coder, given.IsEmpty ? 0 : given[i], ref states[last], AdaptiveBit.MaxLimit);
            last = (last << 1 | bit) & 7;
            if (!made.IsEmpty) made[i] = (byte)bit;
        }
    }
}
