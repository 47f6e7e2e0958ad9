using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Data;

/// <summary>What the outputs of a multi-label network are.</summary>
public enum LabelScores
{
    /// <summary>Probabilities where a sigmoid makes them, else logits.</summary>
    Auto,

    /// <summary>Probabilities from 0 to 1.</summary>
    Probabilities,

    /// <summary>Logits, of which a sigmoid would make probabilities.</summary>
    Logits,
}

/// <summary>Options of <see cref="MultiLabel"/>.</summary>
public sealed record MultiLabelOptions
{
    /// <summary>What the outputs are.</summary>
    public LabelScores Outputs { get; init; }

    /// <summary>The probability above which a label counts as predicted.</summary>
    [Share]
    public double Threshold { get; init; } = 0.5;

    internal MultiLabelOptions Checked() =>
        Threshold is >= 0 and <= 1
            ? this
            : throw new OptionsException("threshold", $"'threshold' is {Threshold}; a probability, 0 to 1, would work");
}

/// <summary>
/// Which labels an example has, any number of them: an output N×C with a score for each label, and one target N×C
/// that is 1 where an example has the label and 0 elsewhere, as floats, integers or booleans.
/// </summary>
/// <param name="options">What outputs are, and the threshold; null for the defaults.</param>
/// <exception cref="OptionsException">The threshold is no probability.</exception>
public sealed class MultiLabel(MultiLabelOptions? options = null) : LearningTask
{
    // So many targets are read to see whether they are zeros and ones.
    private const int Looked = 64;

    /// <summary>The options.</summary>
    public MultiLabelOptions Options { get; } = (options ?? new()).Checked();

    /// <inheritdoc/>
    public override string Name => "multi-label";

    /// <inheritdoc/>
    public override void CheckFits(Network network, IDataSource data) => Require(network, data);

    /// <inheritdoc/>
    /// <remarks>Mean average precision, F1 of all labels together, and the share of examples whose labels are all
    /// right.</remarks>
    public override ImmutableArray<IMetric> Metrics(Network network, IDataSource data)
    {
        int output = ScoredOutput(network, data);
        double threshold = AreProbabilities(network, data)
            ? Options.Threshold
            : Math.Log(Options.Threshold / (1 - Options.Threshold));
        return
        [
            new LabelAveragePrecision(output),
            new MicroF1(output, threshold),
            new SubsetAccuracy(output, threshold),
        ];
    }

    /// <inheritdoc/>
    public override int ScoredOutput(Network network, IDataSource data) =>
        TaskOutputs.Find(network, data.Targets[0], o =>
            o.Type.IsScored() && TaskOutputs.HaveOneShape(o, data.Targets[0].Shape)
        );

    /// <summary>Whether the output that is scored holds probabilities; else it holds logits.</summary>
    public bool AreProbabilities(Network network, IDataSource data) =>
        Options.Outputs == LabelScores.Auto
            ? TaskOutputs.AreProbabilities(network, ScoredOutput(network, data))
            : Options.Outputs == LabelScores.Probabilities;

    /// <inheritdoc/>
    internal override string? Misfit(Network network, IDataSource data)
    {
        if (data.Targets is not [{ Shape: { Rank: 1, IsKnown: true } } target] || !TensorValues.AreValues(target.Type))
            return TaskOutputs.Needs(this, "one target, N×labels of 0 and 1", data);
        return ScoredOutput(network, data) < 0
            ? TaskOutputs.Needs(this, $"an output of floats, N×{target.Shape[0]} as target {target}", network)
            : null;
    }

    /// <inheritdoc/>
    internal override bool IsPossible(Network network, IDataSource data) =>
        Misfit(network, data) is null && AreZerosAndOnes(data);

    private static bool AreZerosAndOnes(IDataSource data)
    {
        Batch first = data.Read(Enumerable.Range(0, Math.Min(Looked, data.Count)).ToArray());
        return TensorValues.Of(first.Targets[0]).All(v => v is 0 or 1);
    }
}
