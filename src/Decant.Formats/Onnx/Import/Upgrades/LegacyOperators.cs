using Decant.Core;
using Decant.Formats.Onnx.Import.Folding;
using Decant.Formats.Onnx.Messages;

namespace Decant.Formats.Onnx.Import.Upgrades;

/// <summary>Rewrites for operators that meant something else once.</summary>
internal static class LegacyOperators
{
    /// <summary>Before opset 7 B was laid along A from a stated axis; later it is aligned at the end.</summary>
    public static IEnumerable<GraphNode> Broadcast(GraphNode node, UpgradeContext context)
    {
        GraphNode result = node.Without("broadcast", "axis");
        if (!node.Attributes.Has("axis") || !node.Attributes.Flag("broadcast"))
            return [result];
        long axis = node.Attributes.Int("axis");
        if (context.Extents(node.Input(0)) is not { } a || context.Extents(node.Input(1)) is not { } b)
            throw new ModelException("its 'axis' cannot be upgraded to the current opset: shapes are not known");
        long missing = a.Length - b.Length - (axis < 0 ? axis + a.Length : axis);
        if (missing is < 0 or > 64)
            throw new ModelException($"an 'axis' of {axis} does not fit its operands");
        return Aligned(result, b.Length, (int)missing, context);
    }

    /// <summary>
    /// Before opset 7 a slope that is not one number had one a channel, axis 1; later it is aligned at the end.
    /// </summary>
    public static IEnumerable<GraphNode> SlopePerChannel(GraphNode node, UpgradeContext context)
    {
        if (context.Extents(node.Input(1)) is not [var count] || count == Term.Of(1))
            return [node];
        return context.Extents(node.Input(0)) is { } x
            ? Aligned(node, 1, Math.Clamp(x.Length - 2, 0, 64), context)
            : throw new ModelException(
                "its slope cannot be upgraded to the current opset: the input's rank is not known"
            );
    }

    /// <summary>Before opset 6 the type was a word, as TensorProto names it.</summary>
    public static IEnumerable<GraphNode> CastByName(GraphNode node, UpgradeContext context)
    {
        string name = node.Attributes.Text("to", "");
        ElementType type = name switch
        {
            "FLOAT" => ElementType.Float32,
            "DOUBLE" => ElementType.Float64,
            "FLOAT16" => ElementType.Float16,
            "UINT8" => ElementType.UInt8,
            "INT8" => ElementType.Int8,
            "UINT16" => ElementType.UInt16,
            "INT16" => ElementType.Int16,
            "INT32" => ElementType.Int32,
            "INT64" => ElementType.Int64,
            "UINT32" => ElementType.UInt32,
            "UINT64" => ElementType.UInt64,
            "BOOL" => ElementType.Bool,
            _ => throw new ModelException($"attribute 'to' is '{name}', which is no element type supported"),
        };
        return [node with { Attributes = node.Attributes.With("to", (long)type) }];
    }

    /// <summary>Once there were is_test and spatial; only the inference form over channels is left.</summary>
    public static IEnumerable<GraphNode> BatchNormalization(GraphNode node, UpgradeContext context) =>
        node.Attributes.Flag("spatial", true)
            ? [node.Without("spatial", "is_test")]
            : throw new ModelException("spatial 0, statistics for each position, is not supported");

    /// <summary>Before opset 14 the number of outputs said whether to train; a network to run does not.</summary>
    public static IEnumerable<GraphNode> BatchNormalizationOutputs(GraphNode node, UpgradeContext context) =>
        [node with { Outputs = node.Outputs[..Math.Min(1, node.Outputs.Length)] }];

    /// <summary>Before opset 13 the input was taken as a matrix, split at the axis, and the rows normalized.</summary>
    public static IEnumerable<GraphNode> FlattenedSoftmax(GraphNode node, UpgradeContext context)
    {
        long stated = node.Attributes.Int("axis", 1);
        if (context.Extents(node.Input(0)) is not { } extents)
            throw new ModelException(
                "its 'axis' cannot be upgraded to the current opset: the input's rank is not known"
            );
        long axis = stated < 0 ? stated + extents.Length : stated;
        if (axis < 0 || axis > extents.Length)
            throw new ModelException($"axis {stated} is outside an input of {extents.Length} axes");
        GraphNode last = node with { Attributes = node.Attributes.With("axis", axis) };
        // Trailing extents of 1 leave the row the same.
        if (axis < extents.Length && extents.Skip((int)axis + 1).All(e => e == Term.Of(1)))
            return [last];
        return Through(node, axis, extents, context);
    }

    /// <summary>Before opset 18 the outputs said how many parts; later num_outputs does.</summary>
    public static IEnumerable<GraphNode> SplitCount(GraphNode node, UpgradeContext context) =>
        [
            node.Input(1).Length > 0
                ? node
                : node with
                {
                    Attributes = node.Attributes.With("num_outputs", (long)node.Outputs.Length),
                },
        ];

    /// <summary>
    /// Before opset 11 there was no region, coordinates were x/scale, and nearest took the one before; before opset 10
    /// it was called Upsample.
    /// </summary>
    public static IEnumerable<GraphNode> Resize(GraphNode node, UpgradeContext context) =>
        [
            node with
            {
                Type = "Resize",
                Inputs = [node.Input(0), "", node.Input(1)],
                Attributes = node
                    .Attributes.With("coordinate_transformation_mode", "asymmetric")
                    .With("nearest_mode", "floor"),
            },
        ];

    /// <summary>Before opset 21 scale and bias were one number a group; later one a channel.</summary>
    public static IEnumerable<GraphNode> GroupNormalization(GraphNode node, UpgradeContext context)
    {
        if (context.Extents(node.Input(0)) is not [_, { IsConstant: true } channels, ..])
            throw new ModelException("the number of channels is not known");
        return [node.WithInput(1, PerChannel(1)).WithInput(2, PerChannel(2))];

        string PerChannel(int input)
        {
            if (
                context.Values.Constant(node.Input(input)) is not { Type: ElementType.Float32, Shape.Rank: 1 } perGroup
                || perGroup.Count == 0
            )
                throw new ModelException($"input {input}, one value a group, is not a constant of 32-bit floats");
            if (channels.Constant % perGroup.Count != 0 || channels.Constant > PartialTensor.MaxCount)
                throw new ModelException($"{channels.Constant} channels do not fall into {perGroup.Count} groups");
            var values = new float[channels.Constant];
            for (int c = 0; c < values.Length; c++)
                values[c] = perGroup.Span<float>()[(int)(c / (channels.Constant / perGroup.Count))];
            return context.Weight(node, input == 1 ? "scale" : "bias", Tensor.Vector(values));
        }
    }

    /// <summary>The node with axes of extent 1 after the own ones of its second operand.</summary>
    private static IEnumerable<GraphNode> Aligned(GraphNode node, int rank, int missing, UpgradeContext context)
    {
        if (missing == 0)
            return [node];
        string aligned = context.Values.UniqueName($"{node.Input(1)}.aligned");
        long[] axes = [.. Enumerable.Range(rank, missing).Select(i => (long)i)];
        var unsqueeze = new GraphNode(
            aligned,
            "Unsqueeze",
            [node.Input(1), context.Weight(node, "axes", axes)],
            [aligned],
            Attributes.None
        );
        return [unsqueeze, node.WithInput(1, aligned)];
    }

    private static IEnumerable<GraphNode> Through(GraphNode node, long axis, Term[] extents, UpgradeContext context)
    {
        if (extents.Any(e => !e.IsConstant) && extents.Count(e => !e.IsConstant) > 1)
            throw new ModelException("a Softmax over several axes of unknown extents is not supported");
        string matrix = context.Values.UniqueName($"{node.Name}.matrix"),
            rows = context.Values.UniqueName($"{node.Name}.rows");
        string target = context.Weight(node, "shape", extents.Select(e => e.IsConstant ? e.Constant : -1));
        return
        [
            new GraphNode(matrix, "Flatten", [node.Input(0)], [matrix], new Attributes(("axis", axis))),
            node with
            {
                Inputs = [matrix],
                Outputs = [rows],
                Attributes = node.Attributes.With("axis", 1L),
            },
            new GraphNode($"{node.Name}.reshape", "Reshape", [rows, target], node.Outputs, Attributes.None),
        ];
    }
}
