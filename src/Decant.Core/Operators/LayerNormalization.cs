using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>
/// ONNX LayerNormalization over the axes from <see cref="Axis"/> on; inputs X, scale, optional B, which broadcast to X. Outputs Y, and
/// where named the mean and 1/√(variance + epsilon), in Float32 but for doubles.
/// </summary>
public sealed class LayerNormalization(Attributes attributes) : Operator("LayerNormalization", attributes, (2, 3), "axis", "epsilon", "stash_type")
{
    /// <summary>The first axis normalized; negative counts from the end.</summary>
    public long Axis { get; } = attributes.Int("axis", -1);

    /// <summary>Added to the variance.</summary>
    public float Epsilon { get; } = attributes.Float("epsilon", 1e-5f);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        ElementType statistics = inputs.Type(0) == ElementType.Float64 ? ElementType.Float64 : ElementType.Float32;
        if (inputs.Shape(0) is not { } x) return [new TensorType(inputs.Type(0), null), new TensorType(statistics, null), new TensorType(statistics, null)];
        for (int i = 1; i < 3; i++) CheckFactor(x, inputs.Shape(i), i);
        int axis = x.Axis(Axis);
        var kept = new TensorType(statistics, new Shape([.. x.Dims.Select((d, i) => i < axis ? d : 1)]));
        return [inputs.Types[0], kept, kept];
    }

    /// <summary>Checks that a factor or addend broadcasts to the input.</summary>
    internal static void CheckFactor(Shape x, Shape? factor, int input)
    {
        if (factor is { IsKnown: true } f && x.IsKnown && Shape.Broadcast(x, f) != x) throw new ModelException($"input {input} of shape {f} does not broadcast to {x}");
    }
}
