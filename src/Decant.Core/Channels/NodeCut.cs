using System.Collections.Immutable;

namespace Decant.Core.Channels;

/// <summary>One node of a network whose channels are cut: what its rule may ask, and how it changes the node.</summary>
internal sealed class NodeCut(ThinnedNetwork thinned, Node node)
{
    /// <summary>The node as it was.</summary>
    public Node Node => node;

    /// <summary>The shape an input had.</summary>
    public Shape Shape(int input) => thinned.Flow.Shapes[node.Inputs[input]]!.Shape!.Value;

    /// <summary>The extent an axis of a value had; unknown if it was.</summary>
    public int Extent(string value, int axis) => thinned.Flow.Shapes[value]!.Shape!.Value[axis];

    /// <summary>The extent that is left of an axis of a value; unknown if it was.</summary>
    public int Left(string value, int axis) => Kept(value, axis)?.Length ?? Extent(value, axis);

    /// <summary>The places along an axis of a value that are kept; null if all are.</summary>
    public int[]? Kept(string value, int axis) => thinned.Kept(value) is { } layout ? layout[axis] : null;

    /// <summary>Whether nothing is pruned along an axis of a value.</summary>
    public bool IsWhole(string value, int axis) => Kept(value, axis) is null;

    /// <summary>
    /// The integers of a constant input, for the caller to change; null if it is left out or not constant.
    /// </summary>
    public long[]? Integers(int input) => thinned.Flow.Network.Integers(node, input);

    /// <summary>The node with an attribute set.</summary>
    public Node With(string attribute, object value) =>
        node with
        {
            Operator = OperatorCatalogue.Create(node.Operator.Type, node.Operator.Attributes.With(attribute, value)),
        };

    /// <summary>A node with new integers as an input.</summary>
    public Node Set(Node old, int input, IEnumerable<long> values)
    {
        ImmutableArray<string> inputs = old.Inputs;
        while (inputs.Length <= input)
            inputs = inputs.Add("");
        bool narrow = thinned.Flow.Network.Constant(node, input)?.Type == ElementType.Int32;
        Tensor tensor = narrow ? Tensor.Vector(values.Select(v => (int)v).ToArray()) : Tensor.Vector(values.ToArray());
        return old with
        {
            Inputs = inputs.SetItem(
                input,
                thinned.Rewriter.SetInput(
                    node,
                    input,
                    inputs[input].Length > 0 ? inputs[input] : $"{node.Outputs[0]}.{input}",
                    new DenseEncoding(tensor)
                )
            ),
        };
    }

    /// <summary>
    /// Adds a node that takes places along an axis of what the last node makes, under whose output's name it goes on.
    /// </summary>
    public void Gather(List<Node> nodes, int axis, long[] places)
    {
        NetworkRewriter rewriter = thinned.Rewriter;
        string whole = rewriter.UniqueName($"{node.Outputs[0]}.whole"),
            made = nodes[^1].Outputs[0];
        nodes[^1] = nodes[^1] with { Outputs = [whole] };
        nodes.Add(
            new Node(
                rewriter.UniqueName($"{node.Name}.gather{axis}"),
                OperatorCatalogue.Create("Gather", new Attributes(("axis", (long)axis))),
                [whole, rewriter.AddWeight($"{made}.places", Tensor.Vector(places))],
                [made]
            )
        );
    }
}
