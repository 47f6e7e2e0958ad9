using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX TopK: the greatest or least numbers along <see cref="Axis"/> and their places (int64), best first; equal numbers in order of place.</summary>
public sealed class TopK(Attributes attributes) : Operator("TopK", attributes, (2, 2), "axis", "largest", "sorted")
{
    /// <summary>The axis; negative counts from the end.</summary>
    public long Axis { get; } = attributes.Int("axis", -1);

    /// <summary>Whether the greatest are wanted rather than the least.</summary>
    public bool Largest { get; } = attributes.Flag("largest", true);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        Shape? shape = inputs.Shape(0) is { } x && inputs.Integers(1) is { } k ? Output(x, k) : null;
        return [new TensorType(inputs.Type(0), shape), new TensorType(ElementType.Int64, shape)];
    }

    private Shape Output(Shape x, long[] k)
    {
        int axis = x.Axis(Axis);
        if (k.Length != 1 || k[0] < 0 || (x[axis] >= 0 && k[0] > x[axis]))
            throw new ModelException($"k of {string.Join(',', k)} for an axis of {x[axis]}; it must be one number, 0 to the axis's extent");
        return x.With(axis, checked((int)k[0]));
    }
}
