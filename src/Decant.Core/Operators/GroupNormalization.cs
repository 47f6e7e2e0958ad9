using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX GroupNormalization (opset 21): each group of channels of each image by its own mean and variance; inputs X (N, C, …), scale (C), bias (C).</summary>
public sealed class GroupNormalization(Attributes attributes) : Operator("GroupNormalization", attributes, (3, 3), "epsilon", "num_groups", "stash_type")
{
    /// <summary>Added to the variance.</summary>
    public float Epsilon { get; } = attributes.Float("epsilon", 1e-5f);

    /// <summary>How many groups the channels fall into.</summary>
    public int Groups { get; } = attributes.Int("num_groups", 1) is > 0 and <= int.MaxValue and var groups ? (int)groups : throw new ModelException("attribute 'num_groups' must be 1 or more");

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        CheckChannels(inputs);
        if (inputs.Shape(0) is { } x && x[1] >= 0 && x[1] % Groups != 0) throw new ModelException($"{x[1]} channels do not fall into {Groups} groups");
        return [inputs.Types[0]];
    }

    /// <summary>Checks that inputs 1 and 2 hold one number a channel.</summary>
    internal static void CheckChannels(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is not { } x) return;
        if (x.Rank < 2) throw new ModelException($"an input of shape {x}; it must have batch and channel axes");
        for (int i = 1; i < 3; i++)
            if (x[1] >= 0 && inputs.Shape(i) is { IsKnown: true } s && s.Count != x[1]) throw new ModelException($"input {i} has {s.Count} numbers for {x[1]} channels");
    }
}
