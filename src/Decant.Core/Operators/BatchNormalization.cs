using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX BatchNormalization at inference: (x − mean)/√(var + epsilon)·scale + B; inputs X, scale, B, mean, var.</summary>
public sealed class BatchNormalization(Attributes attributes)
    : Operator("BatchNormalization", attributes, (5, 5), "epsilon", "momentum", "training_mode")
{
    /// <summary>Added to the variance.</summary>
    public float Epsilon { get; } = attributes.Float("epsilon", 1e-5f);

    /// <summary>The share of the old running statistics that training keeps.</summary>
    public float Momentum { get; } = attributes.Float("momentum", 0.9f);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        if (Attributes.Flag("training_mode")) throw new ModelException("training_mode 1 is not supported in a network to run");
        if (inputs.Shape(0) is { Rank: > 1 } x && x[1] >= 0)
            for (int i = 1; i < 5; i++)
                if (inputs.Shape(i) is { } s && s.IsKnown && s.Count != x[1])
                    throw new ModelException($"input {i} has {s.Count} numbers for {x[1]} channels");
        return [inputs.Types[0]];
    }
}
