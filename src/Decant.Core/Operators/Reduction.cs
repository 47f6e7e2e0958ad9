using System.Collections.Immutable;

namespace Decant.Core;

/// <summary>
/// A reduction of a tensor over axes: input 1 names them, or they are all; with noop_with_empty_axes and none named each number is
/// reduced by itself.
/// </summary>
public abstract class Reduction(string type, Attributes attributes) : Operator(type, attributes, (1, 2), "keepdims", "noop_with_empty_axes")
{
    private readonly bool nothing = attributes.Flag("noop_with_empty_axes");

    /// <summary>Whether reduced axes stay with extent 1.</summary>
    public bool KeepDims { get; } = attributes.Flag("keepdims", true);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        One(inputs.Type(0), inputs.Shape(0) is { } x && (!inputs.Has(1) || inputs.Integers(1) is not null) ? Output(x, Axes(x, inputs.Integers(1))) : null);

    /// <summary>For each axis, whether it is reduced.</summary>
    /// <exception cref="ModelException">An axis is outside the shape, or named twice.</exception>
    public bool[] Axes(Shape x, long[]? axes)
    {
        var reduced = new bool[x.Rank];
        if (axes is not { Length: > 0 }) Array.Fill(reduced, !nothing);
        else
            foreach (long axis in axes)
            {
                if (reduced[x.Axis(axis)]) throw new ModelException($"axis {axis} of {x} is reduced twice");
                reduced[x.Axis(axis)] = true;
            }
        return reduced;
    }

    private Shape Output(Shape x, bool[] reduced) =>
        KeepDims ? new Shape([.. x.Dims.Select((d, i) => reduced[i] ? 1 : d)]) : new Shape([.. x.Dims.Where((_, i) => !reduced[i])]);
}
