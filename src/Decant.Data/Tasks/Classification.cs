using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Data;

/// <summary>Which of several classes an example is of: the largest element of the network's first output.</summary>
public sealed class Classification : LearningTask
{
    /// <inheritdoc/>
    public override string Name => "classification";

    /// <summary>Whether each example has one class and the network's first output may tell classes apart.</summary>
    public static bool IsMeant(Network network, IDataSource data) =>
        data.Targets.Length == 1 && data.Targets[0].Classes is not null && TellsClassesApart(network.Outputs[0].Type);

    /// <inheritdoc/>
    public override void CheckFits(Network network, IDataSource data) => Require(network, data);

    /// <inheritdoc/>
    internal override bool IsMeantFor(Network network, IDataSource data) => IsMeant(network, data);

    /// <inheritdoc/>
    internal override string? Misfit(Network network, IDataSource data)
    {
        if (data.Targets.Length != 1 || data.Targets[0].Classes is not { } classes)
            return TaskOutputs.Needs(this, "one integer an example, its class", data);
        ValueInfo output = network.Outputs[0];
        if (!TellsClassesApart(output.Type))
            return $"{Name} needs an output of N×classes floats; output '{output.Name}' is {output.Type}";
        return output.Type.Shape is { Rank: > 1 } y && y.Dims[1..].All(d => d >= 0) && y.CountFrom(1) < classes
            ? $"{data.Name} has {classes} classes; output '{output.Name}' tells {y.CountFrom(1)} apart"
            : null;
    }

    /// <inheritdoc/>
    public override ImmutableArray<IMetric> Metrics(Network network, IDataSource data) => [new TopK(1), new TopK(5)];

    /// <inheritdoc/>
    public override double Chance(IDataSource data) =>
        data.Targets is [{ Classes: > 0 and var classes }] ? 1.0 / classes : 0;

    // Networks of images may end in N×classes×1×1.
    private static bool TellsClassesApart(TensorType output) =>
        output.Type.IsScored()
        && (output.Shape is not { } shape || (shape.Rank >= 2 && shape.Dims.Skip(2).All(d => d is 1 or Shape.Unknown)));
}

/// <summary>
/// The share of examples whose class is among the largest outputs: of equal outputs the lower class comes first, and
/// an output that is not a number comes before all.
/// </summary>
/// <param name="k">How many of the largest outputs count.</param>
/// <param name="target">The index of the target that holds the class, an integer an example.</param>
public sealed class TopK(int k, int target = 0) : IMetric
{
    private long right,
        count;

    /// <inheritdoc/>
    public string Name => $"top-{k}";

    /// <inheritdoc/>
    public string Unit => "%";

    /// <inheritdoc/>
    public MetricDirection Direction => MetricDirection.HigherIsBetter;

    /// <inheritdoc/>
    public double Value => (double)right / count;

    /// <inheritdoc/>
    public void Add(ScoredBatch batch)
    {
        Tensor scores = batch.Outputs[0];
        int classes = scores.Shape.Rank == 0 ? 0 : (int)scores.Shape.CountFrom(1);
        int[] labels = Integers.Of(batch.Targets[target]);
        for (int i = 0; i < batch.Count; i++)
            if (RankOf(scores.Span<float>().Slice(i * classes, classes), labels[i]) < k)
                right++;
        count += batch.Count;
    }

    private static int RankOf(ReadOnlySpan<float> scores, int label)
    {
        int rank = 0;
        for (int c = 0; c < scores.Length; c++)
            if (c != label && (!(scores[c] <= scores[label]) || (scores[c] == scores[label] && c < label)))
                rank++;
        return rank;
    }
}
