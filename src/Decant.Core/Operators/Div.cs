using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Div: element-wise, broadcast both ways.</summary>
public sealed class Div(Attributes attributes) : Operator("Div", attributes, (2, 2))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Binary(inputs);
}
