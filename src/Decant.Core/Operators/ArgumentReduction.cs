using System.Collections.Immutable;

namespace Decant.Core;

/// <summary>Where along one axis the chosen number is, as int64.</summary>
public abstract class ArgumentReduction(string type, Attributes attributes)
    : Operator(type, attributes, (1, 1), "axis", "keepdims", "select_last_index")
{
    /// <summary>The axis; negative counts from the end.</summary>
    public int Axis { get; } = (int)attributes.Int("axis", 0);

    /// <summary>Whether the axis stays with extent 1.</summary>
    public bool KeepDims { get; } = attributes.Flag("keepdims", true);

    /// <summary>Whether the last of equal numbers is chosen, not the first.</summary>
    public bool Last { get; } = attributes.Flag("select_last_index");

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is not { } x) return One(ElementType.Int64, null);
        int axis = x.Axis(Axis);
        if (x[axis] == 0) throw new ModelException($"axis {Axis} of {x} has no numbers to choose from");
        return One(ElementType.Int64, KeepDims ? x.With(axis, 1) : new Shape(x.Dims.RemoveAt(axis).AsSpan()));
    }
}
