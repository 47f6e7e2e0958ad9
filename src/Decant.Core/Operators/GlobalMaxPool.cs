using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX GlobalMaxPool: the greatest number over all spatial axes, which stay with extent 1.</summary>
public sealed class GlobalMaxPool(Attributes attributes) : Operator("GlobalMaxPool", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => GlobalPool.Infer(inputs);
}
