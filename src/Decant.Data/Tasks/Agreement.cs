using System.Runtime.InteropServices;
using Decant.Core;

namespace Decant.Data;

/// <summary>
/// The share of an output's rows in which the largest element is where the target's is; of integers, the share of
/// equal elements. A row is the last axis that is longer than 1. Of equal elements the first is the largest; one that
/// is not a number agrees with none.
/// </summary>
/// <param name="output">The index of the output and of its target.</param>
/// <param name="of">The output's name where the network has several; empty else.</param>
public sealed class Agreement(int output, string of = "") : IMetric
{
    private long equal,
        count;

    /// <inheritdoc/>
    public string Name => FidelityNames.Of("agreement", of);

    /// <inheritdoc/>
    public string Unit => "%";

    /// <inheritdoc/>
    public MetricDirection Direction => MetricDirection.HigherIsBetter;

    /// <inheritdoc/>
    public double Value => (double)equal / count;

    /// <inheritdoc/>
    public void Add(ScoredBatch batch)
    {
        Tensor made = batch.Outputs[output],
            target = batch.Targets[output];
        foreach (ComparedRun run in ComparedRun.Of(batch, output))
        {
            ReadOnlySpan<byte> madeRun = run.Made(made.Bytes()),
                targetRun = run.Target(target.Bytes());
            if (made.Type == ElementType.Float32)
                AddRows(
                    MemoryMarshal.Cast<byte, float>(madeRun),
                    MemoryMarshal.Cast<byte, float>(targetRun),
                    RowOf(made.Shape)
                );
            else
                AddElements(madeRun, targetRun, made.Type.Size());
        }
    }

    /// <summary>How many elements a row has: the last axis that is longer than 1, but for the first.</summary>
    internal static int RowOf(Shape made)
    {
        for (int axis = made.Rank - 1; axis > 0; axis--)
            if (made[axis] > 1)
                return made[axis];
        return 1;
    }

    private void AddRows(ReadOnlySpan<float> made, ReadOnlySpan<float> target, int size)
    {
        for (int i = 0; i < target.Length; i += size, count++)
            if (Largest(made.Slice(i, size)) is >= 0 and var at && at == Largest(target.Slice(i, size)))
                equal++;
    }

    private void AddElements(ReadOnlySpan<byte> made, ReadOnlySpan<byte> target, int size)
    {
        for (int i = 0; i < target.Length; i += size)
            if (made.Slice(i, size).SequenceEqual(target.Slice(i, size)))
                equal++;
        count += target.Length / size;
    }

    /// <summary>Where the largest element of a row is, the first of equal ones; -1 if one is not a number.</summary>
    internal static int Largest(ReadOnlySpan<float> row)
    {
        int at = 0;
        for (int i = 0; i < row.Length; i++)
        {
            if (float.IsNaN(row[i]))
                return -1;
            if (row[i] > row[at])
                at = i;
        }
        return at;
    }
}

/// <summary>
/// The share of an output's rows of scores in which the largest element is expected to stay where the target's is. A
/// row agrees where its target's largest element leads the others by more than the lead changed; here each row's lead
/// is held against the changes of the rows whose leads are nearest to its own, so that rows that happen to agree by
/// little count as ones that may not. With more rows than can matter they are counted, as
/// <see cref="Agreement"/> does.
/// </summary>
/// <param name="output">The index of the output and of its target.</param>
/// <param name="of">The output's name where the network has several; empty else.</param>
public sealed class ExpectedAgreement(int output, string of = "") : IMetric
{
    private const int MostRows = 1 << 16,
        Neighbours = 32;

    private readonly List<(float Lead, float Change)> rows = [];
    private readonly Agreement counted = new(output, of);

    /// <inheritdoc/>
    public string Name => FidelityNames.Of("expected agreement", of);

    /// <inheritdoc/>
    public string Unit => counted.Unit;

    /// <inheritdoc/>
    public MetricDirection Direction => counted.Direction;

    /// <inheritdoc/>
    public double Value => rows.Count > MostRows ? counted.Value : Expected();

    /// <inheritdoc/>
    public void Add(ScoredBatch batch)
    {
        counted.Add(batch);
        int size = Agreement.RowOf(batch.Outputs[output].Shape);
        foreach (ComparedRun run in ComparedRun.Of(batch, output))
        {
            ReadOnlySpan<float> made = MemoryMarshal.Cast<byte, float>(run.Made(batch.Outputs[output].Bytes())),
                target = MemoryMarshal.Cast<byte, float>(run.Target(batch.Targets[output].Bytes()));
            for (int i = 0; i < target.Length && rows.Count <= MostRows; i += size)
                rows.Add(Row(made.Slice(i, size), target.Slice(i, size)));
        }
    }

    /// <summary>What is no number changes without end.</summary>
    private static (float Lead, float Change) Row(ReadOnlySpan<float> made, ReadOnlySpan<float> target)
    {
        int at = Agreement.Largest(target);
        if (at < 0)
            return (0, float.PositiveInfinity);
        float lead = LeadOf(target, at),
            change = lead - LeadOf(made, at);
        return (lead, float.IsNaN(change) ? float.PositiveInfinity : change);
    }

    /// <summary>By how much an element is larger than the largest other one.</summary>
    private static float LeadOf(ReadOnlySpan<float> row, int at)
    {
        float other = float.NegativeInfinity;
        for (int i = 0; i < row.Length; i++)
            if (i != at)
                other = Math.Max(other, row[i]);
        return row[at] - other;
    }

    private double Expected()
    {
        (float Lead, float Change)[] sorted = [.. rows.OrderBy(r => r.Lead)];
        int near = Math.Min(Neighbours + 1, sorted.Length);
        long agree = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            int first = Math.Clamp(i - near / 2, 0, sorted.Length - near);
            for (int j = first; j < first + near; j++)
                if (sorted[j].Change <= sorted[i].Lead)
                    agree++;
        }
        return (double)agree / near / sorted.Length;
    }
}
