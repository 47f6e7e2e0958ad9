using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX GatherElements: for each index of input 1, the element of data at the same place but for <see cref="Axis"/>, where the index says.</summary>
public sealed class GatherElements(Attributes attributes) : Operator("GatherElements", attributes, (2, 2), "axis")
{
    /// <summary>The axis; negative counts from the end.</summary>
    public long Axis { get; } = attributes.Int("axis", 0);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is { } x && inputs.Shape(1) is { } indices) Check(x, indices, Axis);
        return One(inputs.Type(0), inputs.Shape(1));
    }

    internal static void Check(Shape x, Shape indices, long axisOfIndices)
    {
        if (x.Rank != indices.Rank) throw new ModelException($"indices of shape {indices} do not fit data of shape {x}: ranks differ");
        int along = x.Axis(axisOfIndices);
        for (int axis = 0; axis < x.Rank; axis++)
            if (axis != along && x[axis] >= 0 && indices[axis] > x[axis])
                throw new ModelException($"indices of shape {indices} reach beyond data of shape {x} along axis {axis}");
    }
}
