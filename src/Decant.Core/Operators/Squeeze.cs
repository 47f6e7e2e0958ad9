using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Squeeze: the axes of input 1, or all of extent 1 if it is left out, taken away.</summary>
public sealed class Squeeze(Attributes attributes) : Operator("Squeeze", attributes, (1, 2))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        One(inputs.Type(0), inputs.Shape(0) is { } x && (!inputs.Has(1) || inputs.Integers(1) is not null) ? Output(x, inputs.Integers(1)) : null);

    /// <summary>The shape without the axes; null if an unknown extent decides it.</summary>
    /// <exception cref="ModelException">An axis named is not of extent 1.</exception>
    public static Shape? Output(Shape x, long[]? axes)
    {
        if (axes is null) return x.IsKnown ? new Shape([.. x.Dims.Where(d => d != 1)]) : null;
        HashSet<int> taken = [.. axes.Select(x.Axis)];
        if (taken.Any(a => x[a] is not (1 or Shape.Unknown))) throw new ModelException($"cannot squeeze an axis of {x} that is not 1");
        return new Shape([.. x.Dims.Where((_, i) => !taken.Contains(i))]);
    }
}
