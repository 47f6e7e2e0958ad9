using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX AveragePool over (N, C, spatial…).</summary>
public sealed class AveragePool(Attributes attributes) : Operator("AveragePool", attributes, (1, 1),
    "auto_pad", "ceil_mode", "dilations", "kernel_shape", "pads", "strides", "count_include_pad")
{
    /// <summary>The sliding window.</summary>
    public Window Window { get; } = new(attributes);

    /// <summary>Whether padding counts in the average.</summary>
    public bool CountIncludePad { get; } = attributes.Flag("count_include_pad");
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is not { } x) return [new TensorType(inputs.Type(0), null)];
        if (x.Rank < 3) throw new ModelException($"pooling needs (N, C, spatial…), not {x}");
        return One(inputs.Type(0), Window.Output(x, x[1], Window.Kernel.AsSpan()));
    }
}
