using Decant.Runtime.Dense;
using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>The recurrent weights of one direction, each gate filled up to whole vectors, packed for the product with the state.</summary>
internal sealed class RecurrentWeights
{
    /// <summary>Packs weights.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="hidden">Numbers of the state.</param>
    /// <param name="few">Whether so few sequences run that each is multiplied alone.</param>
    /// <param name="rows">A row for each number of each gate.</param>
    /// <param name="peepholes">The peepholes of an LSTM, or a GRU's bias of the last gate's share of the state; empty for none.</param>
    /// <param name="width">How wide vectors are.</param>
    public RecurrentWeights(Operators.Recurrent op, int hidden, bool few, ReadOnlySpan<float> rows, ReadOnlySpan<float> peepholes, VectorWidth width)
    {
        int wide = Wide(hidden, width), split = op is Operators.GRU { LinearBeforeReset: false } ? 2 : op.Gates;
        Func<int, int> cut = few ? FilterBlock.ForRows : FilterBlock.ForTiles;
        float[] padded = Padded(rows, op.Gates, hidden, hidden, wide);
        First = new PackedFilters(split * wide, hidden, (int)width, padded.AsSpan(0, split * wide * hidden), cut);
        Second = split == op.Gates ? null : new PackedFilters(wide, hidden, (int)width, padded.AsSpan(split * wide * hidden), cut);
        Own = new Pinned<float>(Padded(peepholes, peepholes.Length / hidden, hidden, 1, wide));
    }

    /// <summary>The weights of all gates that are multiplied with the state as it is.</summary>
    public PackedFilters First { get; }

    /// <summary>Those of a GRU's last gate, where it is multiplied with the state that was reset; else null.</summary>
    public PackedFilters? Second { get; }

    /// <summary>Peepholes or the last gate's own bias, filled up like gates.</summary>
    public Pinned<float> Own { get; }

    /// <summary>Numbers of a gate that is filled up to whole vectors.</summary>
    public static int Wide(int hidden, VectorWidth width) => checked((hidden + (int)width - 1) / (int)width * (int)width);

    /// <summary>Rows in parts of <paramref name="hidden"/>, each part followed by rows of zeros up to <paramref name="wide"/>.</summary>
    public static float[] Padded(ReadOnlySpan<float> rows, int parts, int hidden, int depth, int wide)
    {
        var all = new float[checked(parts * wide * depth)];
        for (int part = 0; part < parts; part++) rows.Slice(part * hidden * depth, hidden * depth).CopyTo(all.AsSpan(part * wide * depth));
        return all;
    }
}
