using Decant.Core;

namespace Decant.Techniques.Clustering;

/// <summary>
/// Finds the codebooks and the sparsity that a network's weights already have, and holds them so. Every number stays as
/// it is, to the bit: nothing is approximated, and no data are needed.
/// </summary>
public sealed class FindStructure : Technique
{
    // A position and a value cost 64 bits against 32 for a dense number.
    private const double SparseShare = 0.5;

    /// <inheritdoc/>
    public override string Name => "find-structure";

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context) =>
        [.. context.Weights.Select(Plan).OfType<PlannedChange>()];

    private static PlannedChange? Plan(Weight weight)
    {
        if (weight.Encoding is not DenseEncoding { Type: ElementType.Float32 } dense || dense.Count < 2)
            return null;
        float[] values = dense.Decode().Array<float>();
        if (Distinct(values) is { } found && 4 * found.Length < 3 * values.Length)
            return PlannedChange.OfWeight(
                weight.Name,
                $"{found.Length} distinct values among {values.Length:N0}: codebook",
                () => Share(dense.Shape, values, found)
            );
        int kept = values.Length - CountZeros(values);
        return kept < SparseShare * values.Length
            ? PlannedChange.OfWeight(weight.Name, $"{kept:N0} of {values.Length:N0} are not zero: sparse", () =>
                Keep(dense.Shape, values, kept)
            )
            : null;
    }

    /// <summary>The distinct bit patterns, or null if a codebook cannot hold them.</summary>
    private static uint[]? Distinct(float[] values)
    {
        var seen = new HashSet<uint>();
        foreach (float v in values)
            if (seen.Add(BitConverter.SingleToUInt32Bits(v)) && seen.Count > CodebookEncoding.MaxEntries)
                return null;
        return [.. seen];
    }

    private static CodebookEncoding Share(Shape shape, float[] values, uint[] found)
    {
        bool zero = found.Contains(0u);
        uint[] order = [.. found.OrderBy(b => b == 0 ? 0 : 1).ThenBy(BitConverter.UInt32BitsToSingle).ThenBy(b => b)];
        var index = order.Select((bits, i) => (bits, i)).ToDictionary(p => p.bits, p => (byte)p.i);
        return new CodebookEncoding(
            shape,
            [.. order.Select(BitConverter.UInt32BitsToSingle)],
            Array.ConvertAll(values, v => index[BitConverter.SingleToUInt32Bits(v)]),
            zero
        );
    }

    private static SparseEncoding Keep(Shape shape, float[] values, int kept)
    {
        var (positions, numbers) = (new int[kept], new float[kept]);
        for (int i = 0, k = 0; i < values.Length; i++)
            if (BitConverter.SingleToUInt32Bits(values[i]) != 0)
                (positions[k], numbers[k++]) = (i, values[i]);
        return new SparseEncoding(shape, positions, numbers);
    }

    private static int CountZeros(float[] values)
    {
        int n = 0;
        foreach (float v in values)
            if (BitConverter.SingleToUInt32Bits(v) == 0)
                n++;
        return n;
    }
}
