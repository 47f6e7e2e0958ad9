using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Sub: element-wise, broadcast both ways.</summary>
public sealed class Sub(Attributes attributes) : Operator("Sub", attributes, (2, 2))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Binary(inputs);
}
