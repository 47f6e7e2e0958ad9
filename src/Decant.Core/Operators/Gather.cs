using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Gather: slices of data along <see cref="Axis"/>, as the indices of input 1 say; negative ones count from the end.</summary>
public sealed class Gather(Attributes attributes) : Operator("Gather", attributes, (2, 2), "axis")
{
    /// <summary>The axis; negative counts from the end.</summary>
    public long Axis { get; } = attributes.Int("axis", 0);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is not { } x || inputs.Shape(1) is not { } indices) return [new TensorType(inputs.Type(0), null)];
        int axis = x.Axis(Axis);
        return One(inputs.Type(0), new Shape([.. x.Dims[..axis], .. indices.Dims, .. x.Dims[(axis + 1)..]]));
    }
}
