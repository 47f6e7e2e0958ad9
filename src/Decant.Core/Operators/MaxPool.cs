using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX MaxPool over (N, C, spatial…).</summary>
public sealed class MaxPool(Attributes attributes) : Operator("MaxPool", attributes, (1, 1),
    "auto_pad", "ceil_mode", "dilations", "kernel_shape", "pads", "strides", "storage_order")
{
    /// <summary>The sliding window.</summary>
    public Window Window { get; } = new(attributes);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is not { } x) return [new TensorType(inputs.Type(0), null)];
        if (x.Rank < 3) throw new ModelException($"pooling needs (N, C, spatial…), not {x}");
        return One(inputs.Type(0), Window.Output(x, x[1], Window.Kernel.AsSpan()));
    }
}
