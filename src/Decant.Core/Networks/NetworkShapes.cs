using System.Collections.Immutable;

namespace Decant.Core;

/// <summary>
/// Element types and shapes of every value of a network, found by running the operators' shape rules.
/// </summary>
public sealed class NetworkShapes
{
    /// <summary>
    /// What an extent that the network leaves open counts as where the cost of one example is asked for: a sentence of
    /// so many words, an image of so many pixels a side.
    /// </summary>
    public const int TypicalExtent = 128;

    private readonly Dictionary<string, TensorType?> types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Tensor> constants = new(StringComparer.Ordinal);
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

    /// <summary>
    /// The shapes at one example: a batch of 1, and <see cref="TypicalExtent"/> for all other extents of inputs that
    /// are open, unless the network cannot compute such; they stay open then.
    /// </summary>
    /// <exception cref="ModelException">A node's inputs do not fit its operator; the node is named.</exception>
    public static NetworkShapes OfOneExample(Network network)
    {
        if (network.Inputs.All(i => i.Type.Shape is not { } s || s.Dims.Skip(1).All(d => d >= 0)))
            return Of(network, batch: 1);
        var typical = new Network(
            network.Name,
            [.. network.Inputs.Select(Typical)],
            network.Outputs,
            network.Nodes,
            network.Weights,
            network.Metadata
        );
        try
        {
            return Of(typical);
        }
        catch (ModelException)
        {
            return Of(network, batch: 1);
        }
    }

    /// <summary>The shapes of a body at what is known of its inputs.</summary>
    /// <exception cref="ModelException">A node's inputs do not fit its operator; the node is named.</exception>
    internal static NetworkShapes OfBody(Network body, TensorType?[] types, Tensor?[] constants)
    {
        var shapes = new NetworkShapes();
        for (int i = 0; i < types.Length; i++)
        {
            shapes.types[body.Inputs[i].Name] = types[i] ?? body.Inputs[i].Type;
            if (constants[i] is { } constant)
                shapes.constants[body.Inputs[i].Name] = constant;
        }
        foreach (Node node in body.Nodes)
            shapes.Infer(body, node);
        return shapes;
    }

    /// <summary>The type of a value; null if it could not be known.</summary>
    public TensorType? this[string value] => types.GetValueOrDefault(value);

    /// <summary>Multiply-accumulates of one node at these shapes; 0 where shapes are not known.</summary>
    public long Macs(Node node) =>
        nodeInputs.TryGetValue(node.Outputs[0], out var inputs) ? node.Operator.Macs(inputs) : 0;

    private static ValueInfo Typical(ValueInfo input) =>
        input.Type.Shape is not { } shape
            ? input
            : input with
            {
                Type = input.Type with
                {
                    Shape = new Shape([
                        .. shape.Dims.Select(
                            (d, axis) =>
                                d >= 0 ? d
                                : axis == 0 ? 1
                                : TypicalExtent
                        ),
                    ]),
                },
            };

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
                    constants.TryGetValue(i, out Tensor? known) ? known
                    : network.Weights.TryGet(i, out var w) && w.Encoding is DenseEncoding d ? d.Decode()
                    : null
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
