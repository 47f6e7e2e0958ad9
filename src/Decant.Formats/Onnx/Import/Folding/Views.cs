using Decant.Core;

namespace Decant.Formats.Onnx.Import.Folding;

/// <summary>Operators that give the same elements another shape.</summary>
internal static class Views
{
    private const int MaxRank = 64;

    /// <summary>The elements known in part under their new shape.</summary>
    public static PartialTensor? Fold(FoldContext c) => c.Input(0) is { } x && Reshaped(c, x.Shape) is { } shape ? x with { Shape = shape } : null;

    /// <summary>A constant of any size under its new shape, its array shared; null if the node is no such operator, or its input not constant.</summary>
    public static Tensor? OfConstant(FoldContext c) =>
        c.Values.Constant(c.Node.Input(0)) is { } x && Reshaped(c, x.Shape) is { } shape ? x.Reshape(shape) : null;

    private static Shape? Reshaped(FoldContext c, Shape x) => c.Node.Type switch
    {
        "Flatten" => new Core.Operators.Flatten(c.Attributes).Output(x),
        "Reshape" => c.Integers(1) is { } target ? new Core.Operators.Reshape(c.Attributes).Output(x, target) : null,
        "Squeeze" => Squeeze(c, x),
        "Unsqueeze" => Unsqueeze(c, x),
        _ => null,
    };

    private static Shape? Squeeze(FoldContext c, Shape x)
    {
        if (c.Has(1) && c.Integers(1) is null) return null;
        HashSet<int>? axes = c.Integers(1)?.Select(x.Axis).ToHashSet();
        if (axes is not null && axes.Any(a => x[a] != 1)) throw new ModelException($"cannot squeeze an axis of {x} that is not 1");
        return new Shape([.. x.Dims.Where((d, i) => axes is null ? d != 1 : !axes.Contains(i))]);
    }

    private static Shape? Unsqueeze(FoldContext c, Shape x)
    {
        if (c.Integers(1) is not { } axes || x.Rank + axes.Length > MaxRank) return null;
        var result = new Shape(new int[x.Rank + axes.Length]);
        HashSet<int> added = [.. axes.Select(result.Axis)];
        if (added.Count != axes.Length) throw new ModelException("an axis is unsqueezed twice");
        var dims = new Queue<int>(x.Dims);
        return new Shape([.. Enumerable.Range(0, result.Rank).Select(i => added.Contains(i) ? 1 : dims.Dequeue())]);
    }
}
