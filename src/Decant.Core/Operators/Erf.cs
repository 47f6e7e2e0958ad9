using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Erf: the error function 2/√π·∫₀ˣ e^(−t²) dt, element-wise.</summary>
public sealed class Erf(Attributes attributes) : Operator("Erf", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
