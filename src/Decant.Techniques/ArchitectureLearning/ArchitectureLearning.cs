using Decant.Core;
using Decant.Core.Operators;
using Decant.Training;

namespace Decant.Techniques.ArchitectureLearning;

/// <summary>
/// Learns how wide and how deep a network should be (Srinivas, Babu: Learning Neural Network Architectures using
/// Backpropagation, 2015): behind each layer tsReLU(x) = w·x for x ≥ 0 and w·d·x below, a width w for every channel and
/// a depth d for the layer, trained with the weights and with penalties that make them binary and the network small.
/// <see cref="SettleArchitecture"/> then makes the network that was learnt.
/// </summary>
public sealed class ArchitectureLearning(ArchitectureLearningOptions options) : Technique
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
        new GateTraining(options, Gate.In(context.Network, context.Weights));

    private PlannedChange Plan(Network network, Node layer, Weight weight)
    {
        int channels = Channels(layer, weight);
        string value = layer.Outputs[0];
        var place = GatePlace.Behind(network, value);
        string activation = place.Activation is null && options.AddsRelu ? "a ReLU is put in, " : "";
        string depth = place.Next is { } next
            ? $"depth learnt: if linear, one layer with '{next.Name}'"
            : "depth not learnt";
        return new PlannedChange(layer.Name, $"a width for each of {channels:N0} channels, {activation}{depth}", n =>
            Gate.Insert(n, value, channels, options)
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
        ChannelGroup? group = groups.FirstOrDefault(g => g.Producers.Contains(weight.Name));
        if (group is null)
            return $"'{weight.Name}' has no channels that can be cut";
        if (group.FixedBy is { } by)
            return $"the channels of '{layer.Name}' are fixed by {by}";
        if (group.Layers.Count > 1)
            return $"the channels of '{layer.Name}' are coupled to those of "
                + $"{string.Join(", ", group.Layers.Where(l => l != group.Name))}";
        return group.Count == Channels(layer, weight)
            ? null
            : $"the channels of '{layer.Name}' can be cut only several at once";
    }

    private static int Channels(Node layer, Weight weight) =>
        layer.Operator.AxesOf(LinearOperator.WeightInput, weight.Encoding.Shape)?.OutputAxis is { } axis
            ? weight.Encoding.Shape[axis]
            : 0;
}

/// <summary>Options of architecture learning; the λ are the paper's.</summary>
/// <param name="Lambda1">Of Σ w(1 − w), which makes widths binary.</param>
/// <param name="Lambda2">Of Σ d(1 − d), which makes depths binary.</param>
/// <param name="Lambda3">Of Σ w, which makes layers narrow.</param>
/// <param name="Lambda4">Of −Σ d, which makes layers linear.</param>
/// <param name="Target">λ3 acts on a layer only while more of its gates than this are open; null if always.</param>
/// <param name="Initial">Where w and d begin, 0 to 1.</param>
/// <param name="AddsRelu">Whether a layer that no activation follows gets a ReLU.</param>
public sealed record ArchitectureLearningOptions(
    double Lambda1,
    double Lambda2,
    double Lambda3,
    double Lambda4,
    int? Target,
    double Initial,
    bool AddsRelu
)
{
    private const double Largest = 1000;

    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">One is out of range.</exception>
    public static ArchitectureLearningOptions Read(TechniqueOptions options)
    {
        double lambda1 = options.Number("lambda1", 0, Largest, 0.01);
        return new ArchitectureLearningOptions(
            lambda1,
            options.Number("lambda2", 0, Largest, lambda1),
            options.Number("lambda3", 0, Largest, 0.4 * lambda1),
            options.Number("lambda4", 0, Largest, 0.4 * lambda1),
            options.Has("target") ? options.Integer("target", 1, 1_000_000) : null,
            options.Number("initial", 0, 1, 0.5),
            options.Word("activation", "keep", "relu") == "relu"
        );
    }
}
