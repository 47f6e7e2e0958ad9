using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX GatherND: the last axis of the indices holds places in data after <see cref="BatchDims"/> axes that both share.</summary>
public sealed class GatherND(Attributes attributes) : Operator("GatherND", attributes, (2, 2), "batch_dims")
{
    /// <summary>How many leading axes data and indices share.</summary>
    public long BatchDims { get; } = attributes.Int("batch_dims", 0);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        One(inputs.Type(0), inputs.Shape(0) is { } x && inputs.Shape(1) is { } indices ? Output(x, indices) : null);

    private Shape? Output(Shape x, Shape indices)
    {
        if (BatchDims < 0 || BatchDims >= Math.Min(x.Rank, indices.Rank))
            throw new ModelException($"batch_dims {BatchDims} does not fit data of shape {x} and indices of shape {indices}");
        int batch = (int)BatchDims, taken = indices[-1];
        if (taken < 0) return null;
        if (taken == 0 || taken > x.Rank - batch) throw new ModelException($"indices of {taken} numbers for {x.Rank - batch} axes");
        for (int axis = 0; axis < batch; axis++)
            if (x[axis] >= 0 && indices[axis] >= 0 && x[axis] != indices[axis]) throw new ModelException($"data of shape {x} and indices of shape {indices} differ along axis {axis}");
        return new Shape([.. indices.Dims[..^1], .. x.Dims[(batch + taken)..]]);
    }
}
