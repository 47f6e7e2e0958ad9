using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX InstanceNormalization: each channel of each image by its own mean and variance; inputs X (N, C, …), scale, B.</summary>
public sealed class InstanceNormalization(Attributes attributes) : Operator("InstanceNormalization", attributes, (3, 3), "epsilon")
{
    /// <summary>Added to the variance.</summary>
    public float Epsilon { get; } = attributes.Float("epsilon", 1e-5f);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        GroupNormalization.CheckChannels(inputs);
        return [inputs.Types[0]];
    }
}
