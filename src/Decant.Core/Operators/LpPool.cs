using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX LpPool over (N, C, spatial…): (Σ |x|^p)^(1/p) over each window.</summary>
public sealed class LpPool(Attributes attributes) : Operator("LpPool", attributes, (1, 1),
    "auto_pad", "ceil_mode", "dilations", "kernel_shape", "p", "pads", "strides")
{
    /// <summary>The sliding window.</summary>
    public Window Window { get; } = new(attributes);

    /// <summary>The norm's power.</summary>
    public int Power { get; } = attributes.Int("p", 2) is > 0 and < 1 << 16 and var p ? (int)p : throw new ModelException("attribute 'p' must be 1 or more");

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is not { } x) return [new TensorType(inputs.Type(0), null)];
        if (x.Rank < 3) throw new ModelException($"pooling needs (N, C, spatial…), not {x}");
        return One(inputs.Type(0), Window.Output(x, x[1], Window.Kernel.AsSpan()));
    }
}
