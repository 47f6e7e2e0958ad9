using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Data;

/// <summary>
/// Vectors of examples that are as similar as their meanings. Examples come in scored pairs: two that have the same
/// <see cref="PairTarget"/>, and a <see cref="ScoreTarget"/>, the same for both, which says how alike they are.
/// </summary>
public sealed class Embedding : LearningTask
{
    /// <summary>The name of the target that says which pair an example is of, an integer.</summary>
    public const string PairTarget = "pair";

    /// <summary>The name of the target that says how alike the examples of a pair are, a 32-bit float.</summary>
    public const string ScoreTarget = "score";

    // What exporters call the vector of a whole sentence where they give those of its tokens too.
    private const string SentenceOutput = "sentence_embedding";

    /// <inheritdoc/>
    public override string Name => "embedding";

    /// <summary>Whether examples come in scored pairs and an output can be a vector of each.</summary>
    public static bool IsMeant(Network network, IDataSource data) =>
        PairOf(data) >= 0 && ScoreOf(data) >= 0 && OutputOf(network) >= 0;

    /// <inheritdoc/>
    public override void CheckFits(Network network, IDataSource data) => Require(network, data);

    /// <inheritdoc/>
    internal override string? Misfit(Network network, IDataSource data)
    {
        if (PairOf(data) < 0 || ScoreOf(data) < 0)
            return TaskOutputs.Needs(this, $"'{PairTarget}', an integer, and '{ScoreTarget}', a 32-bit float", data);
        return OutputOf(network) < 0
            ? TaskOutputs.Needs(this, "an output of floats, N×D or N×positions×D", network)
            : null;
    }

    /// <inheritdoc/>
    public override ImmutableArray<IMetric> Metrics(Network network, IDataSource data) =>
        [new PairSimilarity(OutputOf(network), PairOf(data), ScoreOf(data))];

    /// <summary>The output named sentence_embedding; else the first of N×D or N×positions×D floats.</summary>
    private static int OutputOf(Network network)
    {
        int first = -1;
        for (int i = 0; i < network.Outputs.Length; i++)
        {
            ValueInfo output = network.Outputs[i];
            if (output.Type.Type != ElementType.Float32 || output.Type.Shape is { Rank: not (2 or 3) })
                continue;
            if (output.Name == SentenceOutput)
                return i;
            first = first < 0 ? i : first;
        }
        return first;
    }

    private static int PairOf(IDataSource data) => TargetOf(data, PairTarget, ElementType.Int64);

    private static int ScoreOf(IDataSource data) => TargetOf(data, ScoreTarget, ElementType.Float32);

    private static int TargetOf(IDataSource data, string name, ElementType type) =>
        Array.FindIndex([.. data.Targets], t => t.Name == name && t.Type == type && t.Shape.Rank == 0);
}

/// <summary>
/// Spearman's rank correlation between how alike the examples of pairs are said to be and the cosine of the vectors
/// that a network makes of them. Of a vector for each position the mean over those that the mask counts is taken.
/// Pairs of which only one example came do not count.
/// </summary>
/// <param name="output">The index of the output: floats, N×D or N×positions×D.</param>
/// <param name="pair">The index of the target that says which pair an example is of, int64.</param>
/// <param name="score">The index of the target that says how alike the examples of its pair are, float32.</param>
public sealed class PairSimilarity(int output, int pair, int score) : IMetric
{
    private readonly Dictionary<long, float[]> waiting = [];
    private readonly SortedDictionary<long, (double Cosine, double Score)> pairs = [];

    /// <inheritdoc/>
    public string Name => "Spearman";

    /// <inheritdoc/>
    public string Unit => "%";

    /// <inheritdoc/>
    public MetricDirection Direction => MetricDirection.HigherIsBetter;

    /// <inheritdoc/>
    /// <exception cref="DataException">There are fewer than two whole pairs.</exception>
    public double Value =>
        pairs.Count < 2
            ? throw new DataException(
                $"rank correlation needs two pairs or more; {pairs.Count} came whole, and {waiting.Count} by half"
            )
            : RankCorrelation.Spearman([.. pairs.Values.Select(p => p.Cosine)], [.. pairs.Values.Select(p => p.Score)]);

    /// <inheritdoc/>
    public void Add(ScoredBatch batch)
    {
        ReadOnlySpan<long> numbers = batch.Targets[pair].Span<long>();
        ReadOnlySpan<float> scores = batch.Targets[score].Span<float>();
        for (int i = 0; i < batch.Count; i++)
        {
            float[] vector = VectorOf(batch, i);
            if (!waiting.Remove(numbers[i], out float[]? other))
            {
                waiting[numbers[i]] = vector;
                continue;
            }
            var cosine = new Cosine();
            cosine.Add(other, vector);
            pairs[numbers[i]] = (cosine.Value, scores[i]);
        }
    }

    /// <exception cref="DataException">The output is no vector of the example.</exception>
    private float[] VectorOf(ScoredBatch batch, int example)
    {
        Tensor made = batch.Outputs[output];
        if (made.Shape.Rank is not (2 or 3))
            throw new DataException(
                $"output {output} has shape {made.Shape}; embedding needs N×D or N×positions×D floats"
            );
        int row = (int)made.Shape.CountFrom(1);
        ReadOnlySpan<float> values = made.Span<float>().Slice(example * row, row);
        return made.Shape.Rank == 2 ? values.ToArray() : MeanOf(values, made.Shape, batch.Mask, example);
    }

    private static float[] MeanOf(ReadOnlySpan<float> values, Shape shape, Tensor? mask, int example)
    {
        int positions = shape[1],
            size = shape[2];
        var sums = new double[size];
        int count = 0;
        foreach (var (first, length) in mask is null ? [(0, positions)] : PositionMask.Runs(mask, example))
            for (int p = first; p < Math.Min(first + length, positions); p++, count++)
            for (int i = 0; i < size; i++)
                sums[i] += values[p * size + i];
        return Array.ConvertAll(sums, s => (float)(s / Math.Max(1, count)));
    }
}
