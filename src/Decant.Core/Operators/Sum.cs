using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Sum: the sum of its inputs, broadcast.</summary>
public sealed class Sum(Attributes attributes) : Operator("Sum", attributes, (1, int.MaxValue))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Variadic(inputs);
}
