using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Size: the number of elements, as an int64 scalar.</summary>
public sealed class Size(Attributes attributes) : Operator("Size", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => One(ElementType.Int64, Shape.Scalar);
}
