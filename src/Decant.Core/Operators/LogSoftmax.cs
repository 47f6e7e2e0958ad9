using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX LogSoftmax along one axis.</summary>
public sealed class LogSoftmax(Attributes attributes) : Operator("LogSoftmax", attributes, (1, 1), "axis")
{
    /// <summary>The axis; negative counts from the end.</summary>
    public int Axis { get; } = (int)attributes.Int("axis", -1);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
