using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX MaxPool over (N, C, spatial…). Output 1, if named, holds the place of each maximum in the flattened input, as int64.</summary>
public sealed class MaxPool(Attributes attributes) : Operator("MaxPool", attributes, (1, 1),
    "auto_pad", "ceil_mode", "dilations", "kernel_shape", "pads", "strides", "storage_order")
{
    /// <summary>The sliding window.</summary>
    public Window Window { get; } = new(attributes);

    /// <summary>Whether the places in output 1 count along the first spatial axis first (storage_order 1).</summary>
    public bool ColumnMajor { get; } = attributes.Flag("storage_order");

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is not { } x) return [new TensorType(inputs.Type(0), null), new TensorType(ElementType.Int64, null)];
        if (x.Rank < 3) throw new ModelException($"pooling needs (N, C, spatial…), not {x}");
        Shape output = Window.Output(x, x[1], Window.Kernel.AsSpan());
        return [new TensorType(inputs.Type(0), output), new TensorType(ElementType.Int64, output)];
    }
}
