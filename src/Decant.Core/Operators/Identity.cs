using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Identity: its input, of any element type.</summary>
public sealed class Identity(Attributes attributes) : Operator("Identity", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
