using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Max: the greatest of its inputs, broadcast; NaN wins.</summary>
public sealed class Max(Attributes attributes) : Operator("Max", attributes, (1, int.MaxValue))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Variadic(inputs);
}
