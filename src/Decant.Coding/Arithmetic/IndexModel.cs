using System.Numerics;
using Decant.Core;

namespace Decant.Coding;

/// <summary>
/// An adaptive code of codebook indices, entries sorted: the index's bits, high ones first. It mixes what followed in
/// the tree so far, alone and given the indices around (left, above, in the kernel, in the channel before), and given
/// how large the row's, the channel's and the cell's numbers were. Before anything is seen, an entry is as likely as
/// its share of the number line suggests.
/// </summary>
internal sealed class IndexModel
{
    private const int Inputs = Mixer.Width,
        Classes = 64,
        Limit = 255,
        HeirTrust = 16,
        PriorTrust = 12,
        MeanTrust = 32,
        LeastForContexts = 64;

    private readonly WeightGrid grid;
    private readonly int first,
        symbols,
        bits;
    private readonly bool hasContexts;
    private readonly uint[] states;
    private readonly int[] magnitudes,
        slots = new int[Inputs];
    private readonly byte[] above,
        above2;
    private readonly MeanMagnitude[] channels,
        cells;
    private readonly Mixer mixer;
    private MeanMagnitude all,
        row;
    private int previous,
        previous2;

    /// <summary>A model for a weight.</summary>
    /// <param name="grid">The weight.</param>
    /// <param name="values">Its codebook, sorted.</param>
    /// <param name="zeroApart">1 if entry 0 is apart and its places are in the mask, else 0.</param>
    public IndexModel(WeightGrid grid, float[] values, int zeroApart)
    {
        (this.grid, first, symbols) = (grid, zeroApart, values.Length - zeroApart);
        bits = symbols <= 1 ? 0 : 32 - BitOperations.LeadingZeroCount((uint)(symbols - 1));
        (above, above2) = (new byte[grid.Columns], new byte[grid.Columns]);
        (channels, cells) = (new MeanMagnitude[grid.Channels], new MeanMagnitude[grid.Cells]);
        magnitudes = CodebookPrior.Magnitudes(values);
        hasContexts = (long)grid.Rows * grid.Columns >= LeastForContexts;
        states = new uint[Inputs * (hasContexts ? Classes : 1) << bits];
        double[] masses = CodebookPrior.Masses(values.AsSpan(zeroApart));
        for (int node = 1; node < 1 << bits; node++)
            states[node] = AdaptiveBit.Of(Prior(node, masses), PriorTrust);
        mixer = new(Math.Max(1, bits), 6000, 30, 10);
        mixer.SetWeight(0, 24000);
    }

    /// <summary>
    /// Codes indices where the mask is 1 (everywhere, if it is empty): reads <paramref name="given"/> when encoding,
    /// else fills
    /// <paramref name="made"/>.
    /// </summary>
    /// <exception cref="FileFormatException">The stream is damaged: the codebook has no entry for them.</exception>
    public void Code<T>(ref T coder, ReadOnlySpan<byte> mask, ReadOnlySpan<byte> given, Span<byte> made)
        where T : struct, IBinaryCoder
    {
        if (symbols == 0 && (mask.IsEmpty || mask.ContainsAnyExcept((byte)0)))
            throw new FileFormatException("values other than 0 by a codebook that holds only 0: the file is damaged");
        bool encode = !given.IsEmpty;
        ReadOnlySpan<byte> indices = encode ? given : made;
        Span<int> contexts = stackalloc int[Inputs];
        for (int r = 0, at = 0; r < grid.Rows; r++)
        {
            row = default;
            (previous, previous2) = (0, 0);
            for (int channel = 0, column = 0; channel < grid.Channels; channel++)
            for (int cell = 0; cell < grid.Cells; cell++, column++, at++)
            {
                if (!mask.IsEmpty && mask[at] == 0)
                    continue;
                Contexts(contexts, new Place(at, r, column, channel, cell), mask, indices);
                int symbol = Symbol(ref coder, encode ? given[at] - first : 0, contexts);
                if (!encode)
                    made[at] = (byte)(symbol + first);
                Learn(symbol, column, channel, cell);
            }
        }
    }

    private void Contexts(Span<int> contexts, in Place p, ReadOnlySpan<byte> mask, ReadOnlySpan<byte> indices)
    {
        int five = Math.Max(0, bits - 5),
            three = Math.Max(0, bits - 3);
        contexts[0] = 0;
        contexts[1] = Scale(p.Channel, p.Cell);
        contexts[2] = previous >> five;
        contexts[3] = previous2 >> five;
        contexts[4] = above[p.Column] >> five;
        contexts[5] = above2[p.Column] >> five;
        contexts[6] = p.Row > 0 ? At(p.At - grid.Columns, mask, indices, five) : 0;
        contexts[7] = previous >> three << 3 | above[p.Column] >> three;
        if (grid.Cells == 1)
            return;
        int left = p.Cell % grid.Width > 0 ? At(p.At - 1, mask, indices, three) : 0,
            up = p.Cell >= grid.Width ? At(p.At - grid.Width, mask, indices, three) : 0;
        contexts[3] = Math.Min(7, left) << 3 | Math.Min(7, up);
        contexts[5] = p.Cell >= grid.Width ? At(p.At - grid.Width, mask, indices, five) : 0;
        contexts[6] = p.Channel > 0 ? At(p.At - grid.Cells, mask, indices, five) : 0;
    }

    /// <summary>0 where there is a zero, else 1 + the index's high bits.</summary>
    private int At(int position, ReadOnlySpan<byte> mask, ReadOnlySpan<byte> indices, int shift) =>
        mask.IsEmpty || mask[position] != 0 ? 1 + (indices[position] - first >> shift) : 0;

    /// <summary>How large numbers are to be expected, against the mean: 16 where neither more nor less.</summary>
    private int Scale(int channel, int cell)
    {
        int mean = all.Of(1, 0);
        int sum =
            MeanMagnitude.Ratio(row.Of(mean, MeanTrust), mean)
            + MeanMagnitude.Ratio(channels[channel].Of(mean, MeanTrust), mean)
            + MeanMagnitude.Ratio(cells[cell].Of(mean, MeanTrust), mean);
        return Math.Clamp(16 + sum, 0, 31);
    }

    private void Learn(int symbol, int column, int channel, int cell)
    {
        int magnitude = magnitudes[symbol + first];
        all.Add(magnitude);
        row.Add(magnitude);
        channels[channel].Add(magnitude);
        cells[cell].Add(magnitude);
        (previous2, previous) = (previous, symbol);
        (above2[column], above[column]) = (above[column], (byte)symbol);
    }

    private int Symbol<T>(ref T coder, int symbol, ReadOnlySpan<int> contexts)
        where T : struct, IBinaryCoder
    {
        for (int i = 0; i < Inputs; i++)
            slots[i] = (hasContexts ? i * Classes + contexts[i] : i) << bits;
        int node = 1;
        for (int left = bits - 1; left >= 0; left--)
        {
            // Where no symbol has a 1 here, nothing needs to be said.
            bool certain = ((node << 1 | 1) << left) - (1 << bits) >= symbols;
            node = node << 1 | (certain ? 0 : Bit(ref coder, symbol >> left & 1, node, bits - 1 - left));
        }
        return node - (1 << bits);
    }

    private int Bit<T>(ref T coder, int bit, int node, int depth)
        where T : struct, IBinaryCoder
    {
        int[] x = mixer.Inputs,
            at = slots;
        uint[] all = states;
        ref uint root = ref all[node];
        x[0] = Logistic.Stretch(AdaptiveBit.Probability(root));
        for (int i = 1; i < x.Length && i < at.Length; i++)
        {
            ref uint state = ref all[at[i] + node];
            if (state == 0)
                state = AdaptiveBit.Of(AdaptiveBit.Probability(root), HeirTrust);
            x[i] = Logistic.Stretch(AdaptiveBit.Probability(state));
        }
        bit = coder.Code(bit, mixer.Mix(depth));
        mixer.Update(bit);
        AdaptiveBit.Update(ref root, bit, AdaptiveBit.MaxLimit);
        for (int i = 1; i < at.Length; i++)
            AdaptiveBit.Update(ref all[at[i] + node], bit, Limit);
        return bit;
    }

    /// <summary>The probability, in 1/65536, of a 1 at a node of the tree.</summary>
    private int Prior(int node, ReadOnlySpan<double> masses)
    {
        int left = bits - 1 - BitOperations.Log2((uint)node),
            start = (node << (left + 1)) - (1 << bits),
            half = 1 << left;
        double low = Sum(masses, start, half),
            high = Sum(masses, start + half, half);
        return low + high > 0 ? (int)(65536 * (high / (low + high))) : 32768;
    }

    private static double Sum(ReadOnlySpan<double> masses, int start, int count)
    {
        double sum = 0;
        for (int i = start; i < Math.Min(masses.Length, start + count); i++)
            sum += masses[i];
        return sum;
    }

    private readonly record struct Place(int At, int Row, int Column, int Channel, int Cell);
}
