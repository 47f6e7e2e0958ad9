using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Trilu: the triangle of each matrix on and above (or below) the diagonal that input 1 moves; the rest is 0.</summary>
public sealed class Trilu(Attributes attributes) : Operator("Trilu", attributes, (1, 2), "upper")
{
    /// <summary>Whether the upper triangle stays.</summary>
    public bool Upper { get; } = attributes.Flag("upper", true);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is { Rank: < 2 } x) throw new ModelException($"an input of shape {x}; Trilu needs matrices");
        return [inputs.Types[0]];
    }

    /// <summary>How far the diagonal is moved to the right.</summary>
    /// <exception cref="ModelException">Input 1 is not one integer.</exception>
    public static long Diagonal(long[]? k) => k switch
    {
        null => 0,
        [var diagonal] => diagonal,
        _ => throw new ModelException("input k must be one integer"),
    };
}
