using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>
/// ONNX OneHot: inputs indices, depth, values (off, on). A new axis of extent depth holds the on value where an index says, the off
/// value elsewhere; an index outside -depth..depth-1 is nowhere.
/// </summary>
public sealed class OneHot(Attributes attributes) : Operator("OneHot", attributes, (3, 3), "axis")
{
    private readonly long axis = attributes.Int("axis", -1);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is not { } indices) return [new TensorType(inputs.Type(2), null)];
        int at = Axis(indices), depth = Shape.Unknown;
        if (inputs.Numbers(1) is { } given) depth = given is [>= 0 and <= int.MaxValue and var d] ? (int)d : throw new ModelException($"a depth of {string.Join(',', given)}; it must be one number, 0 or more");
        return One(inputs.Type(2), new Shape([.. indices.Dims[..at], depth, .. indices.Dims[at..]]));
    }

    /// <inheritdoc/>
    public override bool IsSetting(int input) => input > 0;

    /// <summary>Where the new axis is put.</summary>
    public int Axis(Shape indices) => new Shape(new int[indices.Rank + 1]).Axis(axis);
}
