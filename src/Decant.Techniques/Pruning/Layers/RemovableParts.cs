using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Techniques.Pruning;

/// <summary>Finds the blocks and layers of a network that can be left out.</summary>
internal sealed class RemovableParts
{
    private readonly Network network;
    private readonly NetworkShapes shapes;
    private readonly GraphIndex graph;

    public RemovableParts(Network network)
    {
        (this.network, graph) = (network, network.Graph);
        shapes = NetworkShapes.Of(network);
    }

    /// <summary>Residual blocks: all between a value and the Add that it goes around them to.</summary>
    public IReadOnlyList<RemovablePart> Blocks() =>
        [.. network.Nodes.Where(n => n.Operator is Add).Select(BlockOf).OfType<RemovablePart>()];

    /// <summary>
    /// Single layers whose output has the shape of their input, each with the normalization and the activation after
    /// it.
    /// </summary>
    public IReadOnlyList<RemovablePart> Layers() => [.. network.Nodes.Where(IsLayer).Where(KeepsShape).Select(LayerOf)];

    /// <summary>Why what a name calls is in no part that can be removed.</summary>
    public string WhyNot(string name)
    {
        Node? node = network.Nodes.FirstOrDefault(n =>
            n.Name == name || n.Inputs.Any(i => i == name && network.Weights.TryGet(i, out _))
        );
        if (node is null)
            return "the network has no such layer";
        if (!IsLayer(node))
            return $"{node} is no layer with weights";
        return KeepsShape(node)
            ? "it is not in a block that a shortcut goes around; 'unit: layer' would remove it alone"
            : $"it makes {Text(node.Outputs[0])} of {Text(node.Inputs[0])}, and no shortcut of equal shape "
                + "goes around it";
    }

    private string Text(string value) => shapes[value]?.Shape?.ToString() ?? "an unknown shape";

    private RemovablePart? BlockOf(Node add) =>
        Between(add, add.Inputs[0], add.Inputs[1]) ?? Between(add, add.Inputs[1], add.Inputs[0]);

    private RemovablePart? Between(Node add, string shortcut, string branch)
    {
        if (
            shapes[shortcut]?.Shape is not { } shape
            || shapes[add.Outputs[0]]?.Shape != shape
            || shapes[branch]?.Shape != shape
        )
            return null;
        HashSet<Node>? path = PathTo(branch, shortcut);
        if (path is null)
            return null;
        path.Add(add);
        if (
            path.Where(n => n != add)
                .SelectMany(n => n.Outputs)
                .Any(o => graph.IsOutput(o) || graph.Consumers(o).Any(r => !path.Contains(r)))
        )
            return null;
        var part = new RemovablePart(add.Name, shortcut, add.Outputs[0], [.. network.Nodes.Where(path.Contains)]);
        return part.WeightsOf(network).Any() ? part : null;
    }

    /// <summary>
    /// The nodes that a value needs beyond another; null if it does not depend on that one, or needs inputs or other
    /// values that do not.
    /// </summary>
    private HashSet<Node>? PathTo(string value, string from)
    {
        var path = new HashSet<Node>();
        var open = new Stack<string>([value]);
        bool reached = false;
        while (open.TryPop(out string? at))
        {
            if (at == from)
                reached = true;
            else if (at.Length > 0 && !network.Weights.TryGet(at, out _))
            {
                if (!graph.TryGetProducer(at, out Node? maker))
                    return null;
                if (path.Add(maker))
                    foreach (string input in maker.Inputs)
                        open.Push(input);
            }
        }
        return reached ? path : null;
    }

    private bool IsLayer(Node node) =>
        node.Operator is LinearOperator
        && !network.Weights.TryGet(node.Inputs[0], out _)
        && network.Weights.TryGet(node.Inputs[1], out var w)
        && w.IsTrainable;

    private bool KeepsShape(Node node) =>
        shapes[node.Inputs[0]]?.Shape is { } shape && shapes[node.Outputs[0]]?.Shape == shape;

    private RemovablePart LayerOf(Node layer)
    {
        List<Node> nodes = [layer];
        if (OnlyReader(nodes[^1]) is { Operator: BatchNormalization } normalization)
            nodes.Add(normalization);
        if (OnlyReader(nodes[^1]) is { } next && next.Operator.Is(OperatorTraits.Activation))
            nodes.Add(next);
        return new RemovablePart(nodes[^1].Name, layer.Inputs[0], nodes[^1].Outputs[0], [.. nodes]);
    }

    private Node? OnlyReader(Node node) =>
        graph.OnlyConsumer(node.Outputs[0]) is { Outputs.Length: 1 } only && only.Inputs[0] == node.Outputs[0]
            ? only
            : null;
}
