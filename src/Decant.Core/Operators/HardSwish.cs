using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX HardSwish: x·max(0, min(1, x/6 + 1/2)), element-wise (Howard et al. 2019).</summary>
public sealed class HardSwish(Attributes attributes) : Operator("HardSwish", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
