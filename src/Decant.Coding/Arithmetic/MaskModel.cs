namespace Decant.Coding;

/// <summary>
/// An adaptive code of the positions of a weight's non-zeros. It mixes how dense the row, the column and its
/// neighbours, the channel and the filter were so far, and what stands around the place; a density not yet seen starts
/// as that of the whole.
/// </summary>
internal sealed class MaskModel
{
    private const int Limit = AdaptiveBit.MaxLimit;
    private const int RowTrust = 6,
        ColumnTrust = 6,
        FilterTrust = 2;

    private readonly WeightGrid grid;
    private readonly int side;
    private readonly uint[] columns,
        channels,
        filters;
    private readonly uint[] near = Unseen(512),
        far = Unseen(256),
        pairs = Unseen(1024);
    private readonly Mixer mixer = new(1, 18000, 60, 16);
    private uint all = AdaptiveBit.Of(16384, 0),
        row;

    public MaskModel(WeightGrid grid)
    {
        (this.grid, side) = (grid, grid.Side);
        columns = new uint[grid.Columns];
        channels = new uint[grid.Channels];
        filters = new uint[grid.Cells * (grid.Cells + 1L) <= 1 << 20 ? grid.Cells * (grid.Cells + 1) : 0];
    }

    /// <summary>
    /// Codes a mask of zeros and ones, row-major: reads <paramref name="given"/> when encoding, else fills
    /// <paramref name="made"/>.
    /// </summary>
    public void Code<T>(ref T coder, ReadOnlySpan<byte> given, Span<byte> made)
        where T : struct, IBinaryCoder
    {
        bool encode = !given.IsEmpty;
        ReadOnlySpan<byte> mask = encode ? given : made;
        int at = 0;
        for (int r = 0; r < grid.Rows; r++)
        {
            row = Heir(RowTrust);
            for (int channel = 0, column = 0; channel < grid.Channels; channel++)
            {
                int ones = 0;
                for (int cell = 0; cell < grid.Cells; cell++, column++, at++)
                {
                    int bit = Bit(
                        ref coder,
                        encode ? given[at] : 0,
                        new Place(at, r, column, channel, cell, ones),
                        mask
                    );
                    if (!encode)
                        made[at] = (byte)bit;
                    ones += bit;
                }
            }
        }
    }

    private int Bit<T>(ref T coder, int bit, in Place place, ReadOnlySpan<byte> mask)
        where T : struct, IBinaryCoder
    {
        ref uint column = ref Known(ref columns[place.Column], ColumnTrust);
        ref uint channel = ref Known(ref channels[place.Channel], ColumnTrust);
        ref uint filter = ref all;
        if (filters.Length > 0)
            filter = ref Known(ref filters[place.Cell * (grid.Cells + 1) + place.Ones], FilterTrust);
        ref uint around = ref near[Near(place, mask)];
        ref uint beyond = ref far[Far(place, mask)];
        ref uint pair = ref pairs[Class(row) << 5 | Class(column)];
        int[] x = mixer.Inputs;
        (x[0], x[1], x[2], x[3]) = (
            LogOdds(beyond),
            LogOdds(row),
            LogOdds(column),
            grid.Cells > 1 ? LogOdds(channel) : Surroundings(place.Column)
        );
        (x[4], x[5], x[6], x[7]) = (LogOdds(filter), LogOdds(around), LogOdds(pair), 256);
        bit = coder.Code(bit, mixer.Mix(0));
        mixer.Update(bit);
        AdaptiveBit.Update(ref all, bit, Limit);
        AdaptiveBit.Update(ref row, bit, Limit);
        AdaptiveBit.Update(ref column, bit, Limit);
        AdaptiveBit.Update(ref channel, bit, Limit);
        if (filters.Length > 0)
            AdaptiveBit.Update(ref filter, bit, Limit);
        AdaptiveBit.Update(ref around, bit, Limit);
        AdaptiveBit.Update(ref beyond, bit, Limit);
        AdaptiveBit.Update(ref pair, bit, Limit);
        return bit;
    }

    /// <summary>The neighbours to the left, above, and in the kernel, as bits.</summary>
    private int Near(in Place p, ReadOnlySpan<byte> mask)
    {
        int columns = grid.Columns,
            at = p.At;
        int bits = (p.Column > 0 ? mask[at - 1] : 0) | (p.Column > 1 ? mask[at - 2] : 0) << 1;
        if (p.Row > 0)
            bits |=
                mask[at - columns] << 2
                | (p.Column > 0 ? mask[at - columns - 1] : 0) << 3
                | (p.Column + 1 < columns ? mask[at - columns + 1] : 0) << 4;
        if (p.Row > 1)
            bits |= mask[at - 2 * columns] << 5;
        if (grid.Cells == 1)
            return bits | (p.Column > 2 ? mask[at - 3] : 0) << 6;
        return bits
            | 256
            | (p.Cell >= grid.Width ? mask[at - grid.Width] : 0) << 6
            | (p.Channel > 0 ? mask[at - grid.Cells] : 0) << 7;
    }

    /// <summary>More of the same cell in earlier channels and rows, as bits.</summary>
    private int Far(in Place p, ReadOnlySpan<byte> mask)
    {
        int bits = 0,
            columns = grid.Columns;
        for (int i = 1; i <= Math.Min(4, p.Channel); i++)
            bits |= mask[p.At - i * grid.Cells] << (i - 1);
        for (int i = 1; i <= Math.Min(4, p.Row); i++)
            bits |= mask[p.At - i * columns] << (i + 3);
        return bits;
    }

    /// <summary>
    /// The density of the columns around, those of the neighbouring pixels if the row may be an image.
    /// </summary>
    private int Surroundings(int column)
    {
        var (sum, count) = (0L, 0);
        Add(column, 2, ref sum, ref count);
        if (side > 0)
            Add(column - side, 1, ref sum, ref count);
        if (side > 0)
            Add(column + side, 1, ref sum, ref count);
        return Logistic.Stretch((int)(sum / count >> 16));
    }

    private void Add(int column, int reach, ref long sum, ref int count)
    {
        for (int c = Math.Max(0, column - reach); c <= Math.Min(columns.Length - 1, column + reach); c++, count++)
            sum += columns[c] == 0 ? all : columns[c];
    }

    private ref uint Known(ref uint state, int trust)
    {
        if (state == 0)
            state = Heir(trust);
        return ref state;
    }

    private uint Heir(int trust) => AdaptiveBit.Of(AdaptiveBit.Probability(all), trust);

    private static int LogOdds(uint state) => Logistic.Stretch(AdaptiveBit.Probability(state));

    private static int Class(uint state) => Math.Clamp(LogOdds(state) + 1536 >> 6, 0, 31);

    private static uint[] Unseen(int count)
    {
        var states = new uint[count];
        Array.Fill(states, AdaptiveBit.Unseen);
        return states;
    }

    private readonly record struct Place(int At, int Row, int Column, int Channel, int Cell, int Ones);
}
