using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>
/// ONNX BatchNormalization: (x − mean)/√(var + epsilon)·scale + B; inputs X, scale, B, mean, var. With training_mode mean and var are
/// the batch's own, and outputs 1 and 2 are the running ones·momentum + the batch's·(1 − momentum).
/// </summary>
public sealed class BatchNormalization(Attributes attributes)
    : Operator("BatchNormalization", attributes, (5, 5), "epsilon", "momentum", "training_mode")
{
    /// <summary>Added to the variance.</summary>
    public float Epsilon { get; } = attributes.Float("epsilon", 1e-5f);

    /// <summary>The share of the old running statistics that training keeps.</summary>
    public float Momentum { get; } = attributes.Float("momentum", 0.9f);

    /// <summary>Whether the batch's own statistics are used, and the running ones moved towards them: outputs 1 and 2.</summary>
    public bool TrainingMode { get; } = attributes.Flag("training_mode");

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is { Rank: > 1 } x && x[1] >= 0)
            for (int i = 1; i < 5; i++)
                if (inputs.Shape(i) is { } s && s.IsKnown && s.Count != x[1])
                    throw new ModelException($"input {i} has {s.Count} numbers for {x[1]} channels");
        return TrainingMode ? [inputs.Types[0], inputs.Types[3], inputs.Types[4]] : [inputs.Types[0]];
    }
}
