namespace Decant.Runtime.Forms.Int8;

/// <summary>
/// Weights of 8 bits with sign for a product x·Wᵀ in whole numbers: panels of <see cref="Columns"/> outputs, in which four neighbouring
/// depths of an output lie together. Each run of depths is filled up with zeros to whole fours.
/// </summary>
internal sealed unsafe class Int8Weights
{
    /// <summary>Outputs of a panel.</summary>
    public const int Columns = 16;

    /// <summary>The greatest depth of which no sum leaves 32 bits.</summary>
    public const int MaxDepth = int.MaxValue / (255 * 128);

    private readonly Aligned<sbyte> data;
    private readonly int[] sums;

    /// <summary>Packs weights that lie row by row, one output a row, each of <paramref name="runs"/> · <paramref name="runLength"/> numbers.</summary>
    public Int8Weights(ReadOnlySpan<sbyte> weights, int outputs, int runs, int runLength)
    {
        int depth = checked(runs * runLength);
        if (weights.Length != (long)outputs * depth) throw new ArgumentException($"{weights.Length} weights are not {outputs} outputs of {depth}");
        if (depth > MaxDepth) throw new ModelException($"an integer product of depth {depth:N0} leaves 32 bits; at most {MaxDepth:N0} are possible");
        (Outputs, Runs, RunLength, RunBytes, Panels) = (outputs, runs, runLength, (runLength + 3) / 4 * 4, (outputs + Columns - 1) / Columns);
        data = new Aligned<sbyte>(checked(Panels * Columns * Runs * RunBytes));
        sums = new int[Panels * Columns];
        for (int output = 0; output < outputs; output++)
            for (int k = 0; k < depth; k++)
            {
                sbyte w = weights[output * depth + k];
                int at = k / runLength * RunBytes + k % runLength;
                data.Pointer[(nint)(output / Columns) * PanelBytes + (nint)at / 4 * 4 * Columns + output % Columns * 4 + at % 4] = w;
                sums[output] += w;
            }
    }

    public int Outputs { get; }

    /// <summary>Runs of a row.</summary>
    public int Runs { get; }

    /// <summary>Numbers of a run.</summary>
    public int RunLength { get; }

    /// <summary>A run's length in whole fours.</summary>
    public int RunBytes { get; }

    public int Panels { get; }

    /// <summary>The sum of each output's weights: what a step of the input's zero point adds.</summary>
    public ReadOnlySpan<int> Sums => sums.AsSpan(0, Outputs);

    /// <summary>Where a panel begins.</summary>
    public sbyte* Panel(int panel) => data.Pointer + (nint)panel * PanelBytes;

    private nint PanelBytes => (nint)Runs * RunBytes * Columns;
}
