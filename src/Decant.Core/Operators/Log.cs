using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Log: ln x, element-wise.</summary>
public sealed class Log(Attributes attributes) : Operator("Log", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
