using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Clip: x held between the scalars min and max, either of which may be left out; max wins where they cross.</summary>
public sealed class Clip(Attributes attributes) : Operator("Clip", attributes, (1, 3))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);

    /// <inheritdoc/>
    public override bool IsSetting(int input) => input > 0;
}
