using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Unsqueeze: axes of extent 1 put where input 1 says, in the result's numbering.</summary>
public sealed class Unsqueeze(Attributes attributes) : Operator("Unsqueeze", attributes, (2, 2))
{
    private const int MaxRank = 64;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        One(inputs.Type(0), inputs.Shape(0) is { } x && inputs.Integers(1) is { } axes ? Output(x, axes) : null);

    /// <summary>The shape with the axes.</summary>
    /// <exception cref="ModelException">An axis is outside, given twice, or there are more than 64 in all.</exception>
    public static Shape Output(Shape x, long[] axes)
    {
        if (x.Rank + (long)axes.Length > MaxRank) throw new ModelException($"unsqueezing makes {x.Rank + (long)axes.Length} axes; at most {MaxRank} are possible");
        var result = new Shape(new int[x.Rank + axes.Length]);
        HashSet<int> added = [.. axes.Select(result.Axis)];
        if (added.Count != axes.Length) throw new ModelException("an axis is unsqueezed twice");
        var dims = new Queue<int>(x.Dims);
        return new Shape([.. Enumerable.Range(0, result.Rank).Select(i => added.Contains(i) ? 1 : dims.Dequeue())]);
    }
}
