using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Add: element-wise, broadcast both ways.</summary>
public sealed class Add(Attributes attributes) : Operator("Add", attributes, (2, 2))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Binary(inputs);
}
