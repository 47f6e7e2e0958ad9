using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Sin, element-wise.</summary>
public sealed class Sin(Attributes attributes) : Operator("Sin", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
