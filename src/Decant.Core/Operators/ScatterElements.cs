using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>
/// ONNX ScatterElements: a copy of data in which each update of input 2 goes to its own place but for <see cref="Axis"/>, where the
/// index of input 1 says; several at one place are combined by <see cref="Reduction"/>, in order.
/// </summary>
public sealed class ScatterElements(Attributes attributes) : Operator("ScatterElements", attributes, (3, 3), "axis", "reduction")
{
    /// <summary>The axis; negative counts from the end.</summary>
    public long Axis { get; } = attributes.Int("axis", 0);

    /// <summary>none (the update replaces), add, mul, max or min.</summary>
    public string Reduction { get; } = attributes.Text("reduction", "none") is "none" or "add" or "mul" or "max" or "min"
        ? attributes.Text("reduction", "none")
        : throw new ModelException("attribute 'reduction' must be none, add, mul, max or min");

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is { } x && inputs.Shape(1) is { } indices) GatherElements.Check(x, indices, Axis);
        if (inputs.Shape(1) is { IsKnown: true } places && inputs.Shape(2) is { IsKnown: true } updates && places != updates)
            throw new ModelException($"indices of shape {places} and updates of shape {updates}; they must agree");
        return [inputs.Types[0]];
    }
}
