using Decant.Core;

namespace Decant.Data;

/// <summary>Elements of an output that lie together and count, and those of its target, in bytes.</summary>
/// <param name="Example">The example in its batch.</param>
/// <param name="MadeAt">Where they begin in the output.</param>
/// <param name="TargetAt">Where they begin in the target.</param>
/// <param name="Length">How many bytes.</param>
internal readonly record struct ComparedRun(int Example, int MadeAt, int TargetAt, int Length)
{
    public ReadOnlySpan<byte> Made(ReadOnlySpan<byte> output) => output.Slice(MadeAt, Length);

    public ReadOnlySpan<byte> Target(ReadOnlySpan<byte> target) => target.Slice(TargetAt, Length);

    /// <summary>What of an output counts, in order: all, or where lengths vary what the mask counts.</summary>
    /// <exception cref="DataException">The output is shorter than its target.</exception>
    public static IEnumerable<ComparedRun> Of(ScoredBatch batch, int output)
    {
        Tensor made = batch.Outputs[output],
            target = batch.Targets[output];
        if (made.Shape.Rank == 0 || batch.Count == 0)
            yield break;
        int row = made.Bytes().Length / made.Shape[0],
            targetRow = target.Bytes().Length / batch.Count;
        bool varies =
            output < batch.TargetFields.Length
            && batch.TargetFields[output].Shape is { Rank: > 0 } shape
            && shape[0] == Shape.Unknown;
        if (!varies || batch.Mask is not { } mask)
        {
            for (int i = 0; i < batch.Count; i++)
                yield return new ComparedRun(i, i * row, i * targetRow, Math.Min(row, targetRow));
            yield break;
        }
        int size = (int)target.Shape.CountFrom(2) * target.Type.Size();
        for (int i = 0; i < batch.Count; i++)
            foreach (var (first, count) in PositionMask.Runs(mask, i))
            {
                if ((first + count) * size > Math.Min(row, targetRow))
                    throw new DataException(
                        $"output {output} has shape {made.Shape} where its target has {target.Shape}; an example has "
                            + $"{first + count} positions"
                    );
                yield return new ComparedRun(i, i * row + first * size, i * targetRow + first * size, count * size);
            }
    }
}

/// <summary>Masks of positions: integers, examples × positions, 0 where a position does not count.</summary>
internal static class PositionMask
{
    /// <summary>The positions of an example up to the last that counts.</summary>
    public static int LengthOf(Tensor mask, int example)
    {
        int length = 0;
        foreach (var (first, count) in Runs(mask, example))
            length = first + count;
        return length;
    }

    /// <summary>The positions of an example that count, those that lie together as one.</summary>
    public static IEnumerable<(int First, int Count)> Runs(Tensor mask, int example)
    {
        int positions = mask.Shape[1];
        for (int first = 0, end; first < positions; first = end + 1)
        {
            end = first;
            while (end < positions && Counts(mask, example * positions + end))
                end++;
            if (end > first)
                yield return (first, end - first);
        }
    }

    private static bool Counts(Tensor mask, int at)
    {
        int size = mask.Type.Size();
        return mask.Bytes().Slice(at * size, size).ContainsAnyExcept((byte)0);
    }
}
