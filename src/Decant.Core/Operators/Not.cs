using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Not: logical not of bools.</summary>
public sealed class Not(Attributes attributes) : Operator("Not", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
