using Decant.Core.Operators;

namespace Decant.Core;

/// <summary>
/// Gives networks that were exported with a batch of 1 a dynamic batch: their inputs take any number of samples, and
/// each
/// Reshape whose target holds the batch copies it from its input.
/// </summary>
public static class DynamicBatch
{
    /// <summary>Whether every input takes exactly one image.</summary>
    public static bool IsFixed(Network network) => network.Inputs.Length > 0 && network.Inputs.All(i => IsOne(i.Type));

    /// <summary>The network with a dynamic batch; itself where its batch is not fixed at 1.</summary>
    /// <exception cref="ModelException">Something else than a Reshape's constant target holds the batch; the node or
    /// output is named.</exception>
    public static Network Of(Network network)
    {
        if (!IsFixed(network))
            return network;
        var dynamic = new Network(
            network.Name,
            [.. network.Inputs.Select(WithUnknownBatch)],
            [.. network.Outputs.Select(WithUnknownBatch)],
            network.Nodes,
            network.Weights,
            network.Metadata
        ).With(Targets(network));
        Check(dynamic);
        return dynamic;
    }

    /// <summary>
    /// The network with a dynamic batch, or itself where something else than a Reshape's target holds the batch: it
    /// takes one example at a time.
    /// </summary>
    public static Network OrFixed(Network network)
    {
        try
        {
            return Of(network);
        }
        catch (ModelException)
        {
            return network;
        }
    }

    private static bool IsOne(TensorType type) => type.Shape is { Rank: > 0 } shape && shape[0] == 1;

    private static ValueInfo WithUnknownBatch(ValueInfo value) =>
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
            IGrouping<string, Node> readers in network
                .Nodes.Where(n => n.Operator is Reshape)
                .GroupBy(n => n.Inputs[1], StringComparer.Ordinal)
        )
            if (
                network.Weights.TryGet(readers.Key, out Weight? weight)
                && CopyingBatch(weight.Encoding.Decode()) is { } target
                && readers.All(Copies)
                && network.Graph.Consumers(readers.Key).Count == readers.Count()
            )
                targets[readers.Key] = new DenseEncoding(target);
        return targets;

        bool Copies(Node node) =>
            node.Operator is Reshape { AllowZero: false } && shapes[node.Inputs[0]] is { } type && IsOne(type);
    }

    /// <summary>The target that copies axis 0 in place of 1; null where it begins with something else.</summary>
    private static Tensor? CopyingBatch(Tensor target) =>
        target.Type == ElementType.Int64 && target.Array<long>() is [1, .. var rest]
            ? Tensor.Of<long>(target.Shape, [0, .. rest])
            : null;

    private static void Check(Network dynamic)
    {
        try
        {
            var shapes = NetworkShapes.Of(dynamic, batch: 2);
            foreach (ValueInfo output in dynamic.Outputs)
                if (shapes[output.Name]?.Shape is { Rank: > 0 } shape && shape[0] == 1)
                    throw new ModelException($"output '{output.Name}' keeps shape {shape}");
        }
        catch (ModelException e)
        {
            throw new ModelException(
                $"the batch is fixed at 1 and cannot be made dynamic: {e.Message}; export the network with a "
                    + "dynamic batch axis",
                e
            );
        }
    }
}
