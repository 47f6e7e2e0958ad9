using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Sqrt: √x, element-wise.</summary>
public sealed class Sqrt(Attributes attributes) : Operator("Sqrt", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
