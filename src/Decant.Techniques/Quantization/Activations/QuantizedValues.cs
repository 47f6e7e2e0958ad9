using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Techniques.Quantization;

/// <summary>
/// Which values of a network are brought to a grid: those that layers with selected weights read, and those that sums,
/// pools and nodes that only move elements pass on to them, so that integers go from layer to layer; or only the
/// former. Values that a ReLU or clip reads right away are left: it is part of the layer before. So is what leads to no
/// such layer: an answer would lose by a grid and nothing would gain.
/// </summary>
internal sealed class QuantizedValues
{
    private readonly Network network;
    private readonly NetworkShapes shapes;
    private readonly IReadOnlySet<string> weights;
    private readonly ActivationQuantizationOptions options;
    private readonly GraphIndex graph;
    private readonly Dictionary<string, string> group = new(StringComparer.Ordinal);
    private readonly IntegerFlow flow;

    /// <summary>Finds them.</summary>
    /// <param name="network">The network.</param>
    /// <param name="weights">Names of the weights whose layers read integers.</param>
    /// <param name="options">Which nodes read floats.</param>
    public QuantizedValues(Network network, IReadOnlySet<string> weights, ActivationQuantizationOptions options)
    {
        (this.network, this.weights, this.options) = (network, weights, options);
        (graph, shapes) = (network.Graph, NetworkShapes.Of(network));
        flow = new IntegerFlow(network, IsSelected);
        Names =
        [
            .. Candidates()
                .Where(v =>
                    !graph.IsOutput(v)
                    && graph.Consumers(v) is { Count: > 0 } readers
                    && readers.Any(r => Takes(r, v) && Reads(r, v))
                    && !readers.Any(IsJoinedToItsInput)
                    && !readers.All(r => OnlyMoves(r.Operator))
                ),
        ];
        var quantized = Names.ToHashSet(StringComparer.Ordinal);
        if (options.Readers == QuantizedReaders.All)
            foreach (Node node in network.Nodes)
                Join(node, quantized);
    }

    /// <summary>Finds those that a technique brings to a grid for the weights that it is given.</summary>
    /// <exception cref="ModelException">There is none, or a weight holds what is not finite.</exception>
    public static QuantizedValues Of(TechniqueContext context, ActivationQuantizationOptions options, string technique)
    {
        var places = new QuantizedValues(
            context.Network,
            context.Weights.Select(w => w.Name).ToHashSet(StringComparer.Ordinal),
            options
        );
        if (places.Names.Count == 0)
            throw new ModelException(
                $"{technique}: no layer with a selected weight reads floats; select weights of convolutions or matrix "
                    + "products, or skip fewer nodes"
            );
        FiniteWeights.CheckLayers(context.Network, context.Weights, "quantized");
        return places;
    }

    /// <summary>Their names, in the network's order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>
    /// A name that values share that must have one grid, because a node only moves numbers from one to the other.
    /// </summary>
    public string Group(string value) =>
        group.TryGetValue(value, out string? next) && next != value ? Group(next) : value;

    /// <summary>
    /// Whether a node that reads a value reads it quantized: nodes that are skipped, layers whose weights stay floats,
    /// and other quantizers of the value do not.
    /// </summary>
    public bool Reads(Node node, string value) =>
        !options.Skip.Any(p => NamePattern.Matches(p, node.Name))
        && !IsGrid(node)
        && !IsFloatLayer(node)
        && (options.Readers == QuantizedReaders.All || Takes(node, value));

    // ONNX Runtime would quantize the weight of a layer between quantized activations by itself.
    private bool IsFloatLayer(Node node) =>
        node.Operator is LinearOperator
        && !weights.Contains(node.Inputs[1])
        && network.Weights.TryGet(node.Inputs[1], out _);

    private IEnumerable<string> Candidates() =>
        network
            .Inputs.Select(i => i.Name)
            .Concat(network.Nodes.Where(n => n.Operator is not LinearQuantizer).Select(n => n.Outputs[0]))
            .Where(v => shapes[v] is { Type: ElementType.Float32, Shape.Rank: > 1 });

    private bool Takes(Node node, string value) =>
        node.Operator switch
        {
            LinearOperator => node.Inputs[0] == value && IsSelected(node),
            _ when options.Readers == QuantizedReaders.Layers => false,
            _ => flow.LeadsOn(node.Outputs[0])
                && IntegerFlow.PassesOn(node.Operator)
                && node.Inputs.Where((_, i) => !node.Operator.IsSetting(i)).Contains(value, StringComparer.Ordinal),
        };

    private bool IsSelected(Node node) => weights.Contains(node.Inputs[LinearOperator.WeightInput]);

    // What such nodes make is brought to a grid in place of what they read.
    private static bool OnlyMoves(Operator op) => op.Is(OperatorTraits.MovesElements) && op is not Concat;

    private bool IsJoinedToItsInput(Node node) =>
        node.Operator is Relu or BatchNormalization || node.Operator is Clip && !IsGrid(node);

    private bool IsGrid(Node node) =>
        node.Operator is QuantizeLinear
        || node.Operator is Clip
            && graph.Consumers(node.Outputs[0]) is { Count: > 0 } readers
            && readers.All(r => r.Operator is QuantizeLinear && IsOfFewBits(node, r));

    // Grids of fewer than 8 bits begin with a clip, of fewer steps than bytes have; a network's own clip before a grid
    // of bytes has all of them.
    private bool IsOfFewBits(Node clip, Node quantizer) =>
        Number(clip.Inputs[2]) - Number(clip.Inputs[1]) < (sbyte.MaxValue + 0.5f) * Number(quantizer.Inputs[1]);

    private float Number(string weight) =>
        network.Weights.TryGet(weight, out Weight? w)
        && w.Encoding is DenseEncoding { Type: ElementType.Float32, Count: 1 }
            ? w.Encoding.Decode().Array<float>()[0]
            : float.NaN;

    private void Join(Node node, HashSet<string> quantized)
    {
        if (!IntegerFlow.Moves(node.Operator))
            return;
        string[] same =
        [
            .. node
                .Inputs.Where(i => shapes[i] is { Type: ElementType.Float32 } && !network.Weights.TryGet(i, out _))
                .Append(node.Outputs[0])
                .Where(quantized.Contains),
        ];
        for (int i = 1; i < same.Length; i++)
            group[Group(same[i])] = Group(same[0]);
    }
}
