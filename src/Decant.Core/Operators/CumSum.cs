using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX CumSum: running sums along the axis that input 1 names.</summary>
public sealed class CumSum(Attributes attributes) : Operator("CumSum", attributes, (2, 2), "exclusive", "reverse")
{
    /// <summary>Whether a sum leaves out the number at its own place.</summary>
    public bool Exclusive { get; } = attributes.Flag("exclusive");

    /// <summary>Whether sums run from the end.</summary>
    public bool Reverse { get; } = attributes.Flag("reverse");

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
