using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Mean: the mean of its inputs, broadcast.</summary>
public sealed class Mean(Attributes attributes) : Operator("Mean", attributes, (1, int.MaxValue))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Variadic(inputs);
}
