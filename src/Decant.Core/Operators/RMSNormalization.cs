using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX RMSNormalization: x / √(mean of x² + epsilon) · scale over the axes from <see cref="Axis"/> on (Zhang, Sennrich 2019).</summary>
public sealed class RMSNormalization(Attributes attributes) : Operator("RMSNormalization", attributes, (2, 2), "axis", "epsilon", "stash_type")
{
    /// <summary>The first axis normalized; negative counts from the end.</summary>
    public long Axis { get; } = attributes.Int("axis", -1);

    /// <summary>Added to the mean square.</summary>
    public float Epsilon { get; } = attributes.Float("epsilon", 1e-5f);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is { } x)
        {
            LayerNormalization.CheckFactor(x, inputs.Shape(1), 1);
            x.Axis(Axis);
        }
        return [inputs.Types[0]];
    }
}
