using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX PRelu: x where not negative, else slope·x; the slope is broadcast to x.</summary>
public sealed class PRelu(Attributes attributes) : Operator("PRelu", attributes, (2, 2))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
