using Decant.Core;
using Decant.Core.Operators;
using Decant.Training;

namespace Decant.Techniques.ArchitectureLearning;

/// <summary>
/// Learns how wide and how deep a network should be (Srinivas, Babu: Learning Neural Network Architectures using
/// Backpropagation, 2015): behind each layer tsReLU(x) = w·x for x ≥ 0 and w·d·x below, a width w for every
/// channel and a depth d for the layer, trained with the weights and with penalties that make them binary and the
/// network small.
/// <see cref="SettleArchitecture"/> then makes the network that was learnt.
/// </summary>
public sealed class LearnedArchitecture(LearnedArchitectureOptions options)
    : Technique<LearnedArchitectureOptions>(options)
{
    /// <inheritdoc/>
    public override string Name => "architecture-learning";

    /// <inheritdoc/>
    public override bool NeedsTraining => true;

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context)
    {
        HashSet<string> gated = [.. Gate.In(context.Network, context.Weights).Select(g => g.Layer.Inputs[1])];
        var groups = ChannelGroups.Of(context.Network);
        var refusals = new List<string>();
        var changes = new List<PlannedChange>();
        foreach (Weight weight in context.Weights.Where(w => !gated.Contains(w.Name)))
        {
            if (Refusal(context.Network, groups, weight, out Node? layer) is { } why)
                refusals.Add(why);
            else
                changes.Add(Plan(context.Network, layer!, weight));
        }
        return changes.Count + gated.Count > 0
            ? changes
            : throw new ModelException(
                $"there is no layer to gate: {string.Join("; ", refusals)}; select others by 'weights'"
            );
    }

    /// <inheritdoc/>
    public override TrainingHook? During(TechniqueContext context) =>
        new GateTraining(Options, Gate.In(context.Network, context.Weights));

    private PlannedChange Plan(Network network, Node layer, Weight weight)
    {
        int channels = Channels(layer, weight);
        string value = layer.Outputs[0];
        var place = GatePlace.Behind(network, value);
        string activation =
            place.Activation is null && Options.Activation == GateActivation.Relu ? "a ReLU is put in, " : "";
        string depth = place.Next is { } next
            ? $"depth learnt: if linear, one layer with '{next.Name}'"
            : "depth not learnt";
        return new PlannedChange(layer.Name, $"a width for each of {channels:N0} channels, {activation}{depth}", n =>
            Gate.Insert(n, value, channels, Options)
        );
    }

    /// <summary>Why a weight's layer gets no gate; null if it gets one.</summary>
    private static string? Refusal(Network network, ChannelGroups groups, Weight weight, out Node? layer)
    {
        layer =
            network.Graph.Consumers(weight.Name) is [{ Operator: LinearOperator { BiasInput: not null } } one]
            && one.Inputs[LinearOperator.WeightInput] == weight.Name
                ? one
                : null;
        if (layer is null)
            return $"'{weight.Name}' is not the weight of one layer that has a bias";
        ChannelGroup? group = groups.FirstOrDefault(g => g.Producers.Contains(weight.Name, StringComparer.Ordinal));
        if (group is null)
            return $"'{weight.Name}' has no channels that can be pruned";
        if (group.FixedBy is { } by)
            return $"the channels of '{layer.Name}' are fixed by {by}";
        if (group.Layers.Count > 1)
            return $"the channels of '{layer.Name}' are coupled to those of "
                + $"{string.Join(", ", group.Layers.Where(l => l != group.Name))}";
        return group.Count == Channels(layer, weight)
            ? null
            : $"the channels of '{layer.Name}' can be pruned only several at once";
    }

    private static int Channels(Node layer, Weight weight) =>
        layer.Operator.AxesOf(LinearOperator.WeightInput, weight.Encoding.Shape)?.OutputAxis is { } axis
            ? weight.Encoding.Shape[axis]
            : 0;
}

/// <summary>Options of architecture learning; the λ are the paper's.</summary>
public sealed record LearnedArchitectureOptions : TechniqueOptions
{
    private const double Largest = 1000;

    /// <summary>Of Σ w(1 − w), which makes widths binary.</summary>
    [OptionRange(0, Largest)]
    public double Lambda1 { get; init; } = 0.01;

    /// <summary>Of Σ d(1 − d), which makes depths binary; null for λ1.</summary>
    [OptionRange(0, Largest)]
    public double? Lambda2 { get; init; }

    /// <summary>Of Σ w, which makes layers narrow; null for 0.4 λ1.</summary>
    [OptionRange(0, Largest)]
    public double? Lambda3 { get; init; }

    /// <summary>Of −Σ d, which makes layers linear; null for 0.4 λ1.</summary>
    [OptionRange(0, Largest)]
    public double? Lambda4 { get; init; }

    /// <summary>λ3 acts on a layer only while more of its gates than this are open; null if always.</summary>
    [OptionRange(1, 1_000_000)]
    public int? Target { get; init; }

    /// <summary>Where w and d begin.</summary>
    [Share]
    public double Initial { get; init; } = 0.5;

    /// <summary>What a layer gets that no activation follows.</summary>
    public GateActivation Activation { get; init; } = GateActivation.Keep;

    /// <summary>λ2 as it acts.</summary>
    internal double OfBinaryDepths => Lambda2 ?? Lambda1;

    /// <summary>λ3 as it acts.</summary>
    internal double OfNarrowness => Lambda3 ?? 0.4 * Lambda1;

    /// <summary>λ4 as it acts.</summary>
    internal double OfLinearity => Lambda4 ?? 0.4 * Lambda1;
}

/// <summary>What a gated layer gets that no activation follows.</summary>
public enum GateActivation
{
    /// <summary>Nothing.</summary>
    Keep,

    /// <summary>A ReLU.</summary>
    Relu,
}
