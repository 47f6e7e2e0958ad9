using Decant.Core.Operators;

namespace Decant.Core;

/// <summary>
/// Frees networks that were exported for one image at a time: their inputs then take any number, and each Reshape that
/// wrote down the batch copies it.
/// </summary>
public static class FreedBatch
{
    /// <summary>Whether every input takes exactly one image.</summary>
    public static bool IsFixed(Network network) => network.Inputs.Length > 0 && network.Inputs.All(i => IsOne(i.Type));

    /// <summary>The network with a free batch; itself where its batch is not fixed at 1.</summary>
    /// <exception cref="ModelException">Something else than a Reshape's constant target holds the batch; the node or
    /// output is named.</exception>
    public static Network Of(Network network)
    {
        if (!IsFixed(network))
            return network;
        var freed = new Network(
            network.Name,
            [.. network.Inputs.Select(Free)],
            [.. network.Outputs.Select(Free)],
            network.Nodes,
            network.Weights,
            network.Metadata
        ).With(Targets(network));
        Check(freed);
        return freed;
    }

    private static bool IsOne(TensorType type) => type.Shape is { Rank: > 0 } shape && shape[0] == 1;

    private static ValueInfo Free(ValueInfo value) =>
        IsOne(value.Type)
            ? value with
            {
                Type = value.Type with { Shape = value.Type.Shape!.Value.With(0, Shape.Unknown) },
            }
            : value;

    private static Dictionary<string, Encoding> Targets(Network network)
    {
        var shapes = NetworkShapes.Of(network);
        var targets = new Dictionary<string, Encoding>(StringComparer.Ordinal);
        foreach (
            IGrouping<string, Node> readers in network.Nodes.Where(n => n.Operator is Reshape).GroupBy(n => n.Inputs[1])
        )
            if (
                network.Weights.TryGet(readers.Key, out Weight? weight)
                && Freed(weight.Encoding.Decode()) is { } target
                && readers.All(Copies)
                && network.Graph.Consumers(readers.Key).Count == readers.Count()
            )
                targets[readers.Key] = new DenseEncoding(target);
        return targets;

        bool Copies(Node node) =>
            node.Operator is Reshape { AllowZero: false } && shapes[node.Inputs[0]] is { } type && IsOne(type);
    }

    /// <summary>The target that copies axis 0 in place of 1; null where it begins with something else.</summary>
    private static Tensor? Freed(Tensor target) =>
        target.Type == ElementType.Int64 && target.Array<long>() is [1, .. var rest]
            ? Tensor.Of<long>(target.Shape, [0, .. rest])
            : null;

    private static void Check(Network freed)
    {
        try
        {
            var shapes = NetworkShapes.Of(freed, batch: 2);
            foreach (ValueInfo output in freed.Outputs)
                if (shapes[output.Name]?.Shape is { Rank: > 0 } shape && shape[0] == 1)
                    throw new ModelException($"output '{output.Name}' stays {shape}");
        }
        catch (ModelException e)
        {
            throw new ModelException(
                $"the batch is fixed at 1 and cannot be freed: {e.Message}; export the network with a "
                    + "dynamic batch axis",
                e
            );
        }
    }
}
