using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Min: the least of its inputs, broadcast; NaN wins.</summary>
public sealed class Min(Attributes attributes) : Operator("Min", attributes, (1, int.MaxValue))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Variadic(inputs);
}
