using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Mish: x·tanh(ln(1 + eˣ)), element-wise (Misra 2019).</summary>
public sealed class Mish(Attributes attributes) : Operator("Mish", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
