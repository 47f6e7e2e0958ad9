using Decant.Core;
using Decant.Core.Operators;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.ArchitectureLearning;

/// <summary>
/// A tsReLU in a network: a PRelu whose slope is the depth d, if that is learnt, and a Mul by the widths w.
/// </summary>
/// <param name="Layer">The gated layer.</param>
/// <param name="Mul">Multiplies by the widths.</param>
/// <param name="PRelu">Holds the depth; null if it is not learnt.</param>
internal sealed record Gate(Node Layer, Node Mul, Node? PRelu)
{
    private const string Suffix = ".tsrelu",
        WidthSuffix = Suffix + ".w",
        DepthSuffix = Suffix + ".d",
        InnerSuffix = Suffix + ".x";

    /// <summary>The weight that holds w: one number a channel.</summary>
    public string Width => Mul.Inputs[1];

    /// <summary>The weight that holds d; null if it is not learnt.</summary>
    public string? Depth => PRelu?.Inputs[1];

    /// <summary>The gates of a network on layers that read one of some weights.</summary>
    public static IReadOnlyList<Gate> In(Network network, IEnumerable<Weight> weights)
    {
        HashSet<string> selected = [.. weights.Select(w => w.Name)];
        return
        [
            .. network
                .Nodes.Where(n =>
                    n.Operator is Core.Operators.Mul && n.Inputs[1].EndsWith(WidthSuffix, StringComparison.Ordinal)
                )
                .Select(mul => Of(network, mul))
                .OfType<Gate>()
                .Where(g => selected.Contains(g.Layer.Inputs[1])),
        ];
    }

    /// <summary>The network with a gate behind the layer that makes a value.</summary>
    /// <param name="network">The network.</param>
    /// <param name="value">The layer's first output.</param>
    /// <param name="channels">How many channels it has.</param>
    /// <param name="options">Where the gate begins, and whether a ReLU is put in where there is none.</param>
    public static Network Insert(Network network, string value, int channels, LearnedArchitectureOptions options)
    {
        GatePlace place = GatePlace.Behind(network, value);
        var rewriter = new NetworkRewriter(network);
        Node gated = place.Activation ?? place.Last;
        string inner = rewriter.UniqueName(value, InnerSuffix),
            width = rewriter.AddWeight(
                value,
                Constant(WidthShape(network, place.Layer, channels), options.Initial),
                WidthSuffix
            );
        var nodes = new List<Node> { gated with { Outputs = [inner] } };
        if (place.Activation is null && options.Activation == GateActivation.Relu)
            nodes.Add(
                new Node(
                    rewriter.UniqueName($"{place.Layer.Name}.relu"),
                    new Relu(Attributes.None),
                    [inner],
                    [rewriter.UniqueName(value, $"{Suffix}.r")]
                )
            );
        if (place.Next is not null)
            nodes[0] = nodes[0] with
            {
                Operator = new Core.Operators.PRelu(Attributes.None),
                Inputs =
                [
                    gated.Inputs[0],
                    rewriter.AddWeight(value, Constant(new Shape(1), options.Initial), DepthSuffix),
                ],
            };
        nodes.Add(
            new Node(
                rewriter.UniqueName(value, Suffix),
                new Core.Operators.Mul(Attributes.None),
                [nodes[^1].Outputs[0], width],
                [gated.Outputs[0]]
            )
        );
        rewriter.Replace(gated, nodes);
        return rewriter.ToNetwork();
    }

    /// <summary>
    /// The network without this gate: with a ReLU in its place, or with none where the layer has become linear.
    /// </summary>
    public Network Remove(Network network, bool linear)
    {
        string result = Mul.Outputs[0];
        network = WithoutProducer(network, result);
        if (PRelu is null)
            return network;
        if (linear)
            return WithoutProducer(network, result);
        var rewriter = new NetworkRewriter(network);
        Node depth = network.Graph.Producer(result)!;
        rewriter.Replace(depth, depth with { Operator = new Relu(Attributes.None), Inputs = [depth.Inputs[0]] });
        return rewriter.ToNetwork();
    }

    private static Network WithoutProducer(Network network, string value)
    {
        var rewriter = new NetworkRewriter(network);
        rewriter.Bypass(network.Graph.Producer(value)!);
        return rewriter.ToNetwork();
    }

    private static Gate? Of(Network network, Node mul)
    {
        Node? first = network.Graph.Producer(mul.Inputs[0]),
            layer = first;
        while (layer?.Operator is BatchNormalization || layer?.Operator.Is(OperatorTraits.Activation) == true)
            layer = network.Graph.Producer(layer.Inputs[0]);
        if (layer?.Operator is not LinearOperator { BiasInput: not null })
            return null;
        bool learnsDepth =
            first!.Operator is Core.Operators.PRelu && first.Inputs[1].EndsWith(DepthSuffix, StringComparison.Ordinal);
        return new Gate(layer, mul, learnsDepth ? first : null);
    }

    private static Shape WidthShape(Network network, Node layer, int channels)
    {
        int places = network.Weights[layer.Inputs[1]].Encoding.Shape.Rank - 2;
        return new Shape([channels, .. Enumerable.Repeat(1, places)]);
    }

    private static Tensor Constant(Shape shape, double value) =>
        Tensor.Of(shape, Enumerable.Repeat((float)value, (int)shape.Count).ToArray());
}

/// <summary>Widths or a depth: free numbers that weight decay spares.</summary>
internal sealed class GateParameterization(Encoding encoding) : WeightParameterization
{
    /// <inheritdoc/>
    public override TorchTensor Parameter { get; } = Leaf(encoding.Decode().Span<float>(), encoding.Shape);

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterizationTensor> Tensors => [new("", Parameter, IsDecayed: false)];

    /// <inheritdoc/>
    public override TorchTensor Effective() => Parameter;

    /// <inheritdoc/>
    public override Encoding ToEncoding() => new DenseEncoding(Tensor.Of(encoding.Shape, Parameter.ToArray<float>()));

    /// <inheritdoc/>
    public override void Dispose() => Parameter.Dispose();
}

/// <summary>
/// Where a layer's tsReLU goes: behind the layer, its batch normalization if it has one, and its ReLU if it has one.
/// </summary>
/// <param name="Layer">The Conv or Gemm whose channels are gated.</param>
/// <param name="Last">What makes the value that is activated: the layer, or its batch normalization.</param>
/// <param name="Activation">The ReLU that follows; null if none does.</param>
/// <param name="Next">The Gemm that would follow directly if the activation went, so that both could become one; null
/// if there is none.</param>
internal sealed record GatePlace(Node Layer, Node Last, Node? Activation, Node? Next)
{
    /// <summary>The place behind the layer that makes a value.</summary>
    public static GatePlace Behind(Network network, string value)
    {
        Node layer = network.Graph.Producer(value)!,
            last = layer;
        while (SoleReader(network, last) is { Operator: BatchNormalization } norm)
            last = norm;
        Node? activation = SoleReader(network, last) is { Operator: Relu or PRelu } a ? a : null;
        Node? next =
            activation is { Operator: Relu } && last == layer && IsLinear(network, layer)
                ? SoleReader(network, activation)
                : null;
        return new GatePlace(layer, last, activation, next is not null && IsLinear(network, next) ? next : null);
    }

    /// <summary>
    /// The one node that reads a node's first output as its first input; null if there are more, or it is an output of
    /// the network.
    /// </summary>
    private static Node? SoleReader(Network network, Node node)
    {
        string value = node.Outputs[0];
        Node? one = network.Graph.OnlyConsumer(value);
        return one?.Inputs[0] == value && network.Graph.Uses(value) == 1 ? one : null;
    }

    private static bool IsLinear(Network network, Node node) =>
        node.Operator is Gemm { TransA: false }
        && node.Inputs.Skip(1).All(i => i.Length == 0 || IsOwn(network, i))
        && HasRowBias(network, node);

    private static bool IsOwn(Network network, string weight) =>
        network.Weights.TryGet(weight, out var w) && w.IsTrainable && network.Graph.Uses(weight) == 1;

    /// <summary>Whether the bias is the same for every image.</summary>
    private static bool HasRowBias(Network network, Node gemm) =>
        gemm.Inputs.Length < 3
        || gemm.Inputs[2].Length == 0
        || network.Weights[gemm.Inputs[2]].Encoding.Shape is var bias && (bias.Rank < 2 || bias[0] == 1);
}
