using System.Collections.Immutable;

namespace Decant.Core;

/// <summary>
/// Element types and shapes of every value of a network, found by running the operators' shape rules.
/// </summary>
public sealed class NetworkShapes
{
    private readonly Dictionary<string, TensorType?> types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OperatorInputs> nodeInputs = new(StringComparer.Ordinal);

    private NetworkShapes() { }

    /// <summary>Infers all shapes.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batch">If given, replaces the unknown extent of axis 0 of each input.</param>
    /// <exception cref="ModelException">A node's inputs do not fit its operator; the node is named.</exception>
    public static NetworkShapes Of(Network network, int? batch = null)
    {
        var shapes = new NetworkShapes();
        foreach (ValueInfo input in network.Inputs)
            shapes.types[input.Name] = WithBatch(input.Type, batch);
        foreach (Weight w in network.Weights)
            shapes.types[w.Name] = new TensorType(w.Encoding.Type, w.Encoding.Shape);
        foreach (Node node in network.Nodes)
            shapes.Infer(network, node);
        return shapes;
    }

    /// <summary>The type of a value; null if it could not be known.</summary>
    public TensorType? this[string value] => types.GetValueOrDefault(value);

    /// <summary>Multiply-accumulates of one node at these shapes; 0 where shapes are not known.</summary>
    public long Macs(Node node) =>
        nodeInputs.TryGetValue(node.Outputs[0], out var inputs) ? node.Operator.Macs(inputs) : 0;

    private static TensorType WithBatch(TensorType type, int? batch) =>
        batch is { } n && type.Shape is { Rank: > 0 } shape && shape[0] == Shape.Unknown
            ? type with
            {
                Shape = shape.With(0, n),
            }
            : type;

    private void Infer(Network network, Node node)
    {
        var inputs = new OperatorInputs(
            [.. node.Inputs.Select(i => i.Length == 0 ? null : types[i])],
            [
                .. node.Inputs.Select(i =>
                    network.Weights.TryGet(i, out var w) && w.Encoding is DenseEncoding d ? d.Decode() : null
                ),
            ]
        );
        ImmutableArray<TensorType?> made;
        try
        {
            made = node.Operator.Infer(inputs);
        }
        catch (ModelException e)
        {
            throw new ModelException($"{node}: {e.Message}", e);
        }
        catch (OverflowException e)
        {
            throw new ModelException($"{node}: an extent of its output does not fit 32 bits", e);
        }
        for (int i = 0; i < node.Outputs.Length; i++)
            types[node.Outputs[i]] = i < made.Length ? made[i] : null;
        if (node.Outputs.Length > 0)
            nodeInputs[node.Outputs[0]] = inputs;
    }
}
