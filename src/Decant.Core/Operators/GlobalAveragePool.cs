using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX GlobalAveragePool: the mean over all spatial axes, which stay with extent 1.</summary>
public sealed class GlobalAveragePool(Attributes attributes) : Operator("GlobalAveragePool", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => GlobalPool.Infer(inputs);
}
