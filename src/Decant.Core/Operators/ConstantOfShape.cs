using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX ConstantOfShape: <see cref="Value"/> everywhere in a tensor whose extents input 0 holds.</summary>
public sealed class ConstantOfShape(Attributes attributes) : Operator("ConstantOfShape", attributes, (1, 1), "value")
{
    /// <summary>The one number; 0 as Float32 if left out.</summary>
    public Tensor Value { get; } = (attributes.Tensor("value") ?? Tensor.Vector(0f)) is { Count: 1 } value
        ? value
        : throw new ModelException("attribute 'value' must hold one number");

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        One(Value.Type, inputs.Integers(0) is { } extents ? Extents.Of(extents) : null);
}
