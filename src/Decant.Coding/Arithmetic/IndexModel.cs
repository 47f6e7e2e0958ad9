namespace Decant.Coding;

/// <summary>An adaptive code of codebook indices.</summary>
internal sealed class IndexModel(int entries, int zeroApart)
{
    private readonly BitTree tree = new(Math.Max(1, 32 - System.Numerics.BitOperations.LeadingZeroCount((uint)(entries - zeroApart - 1))), 1);

    /// <summary>
    /// Codes indices where the mask is 1 (everywhere, if it is empty): reads <paramref name="given"/> when encoding, else fills
    /// <paramref name="made"/>.
    /// </summary>
    public void Code<T>(ref T coder, WeightGrid grid, ReadOnlySpan<byte> mask, ReadOnlySpan<byte> given, Span<byte> made) where T : struct, IBinaryCoder
    {
        int n = Math.Max(given.Length, made.Length);
        if (entries - zeroApart <= 1)
        {
            if (!made.IsEmpty) Fill(mask, made);
            return;
        }
        for (int i = 0; i < n; i++)
        {
            if (!mask.IsEmpty && mask[i] == 0) continue;
            int index = tree.Code(ref coder, given.IsEmpty ? 0 : given[i] - zeroApart) + zeroApart;
            if (!made.IsEmpty) made[i] = (byte)Math.Min(index, entries - 1);
        }
    }

    private void Fill(ReadOnlySpan<byte> mask, Span<byte> made)
    {
        for (int i = 0; i < made.Length; i++) made[i] = (byte)(!mask.IsEmpty && mask[i] == 0 ? 0 : entries - 1);
    }
}
