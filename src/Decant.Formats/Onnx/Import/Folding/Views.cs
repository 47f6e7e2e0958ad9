using Decant.Core;

namespace Decant.Formats.Onnx.Import.Folding;

/// <summary>Operators that give the same elements another shape.</summary>
internal static class Views
{
    /// <summary>The elements known in part under their new shape.</summary>
    public static PartialTensor? Fold(FoldContext c) => c.Input(0) is { } x && Reshaped(c, x.Shape) is { } shape ? x with { Shape = shape } : null;

    /// <summary>A constant of any size under its new shape, its array shared; null if the node is no such operator, or its input not constant.</summary>
    public static Tensor? OfConstant(FoldContext c) =>
        c.Values.Constant(c.Node.Input(0)) is { } x && Reshaped(c, x.Shape) is { } shape ? x.Reshape(shape) : null;

    private static Shape? Reshaped(FoldContext c, Shape x) => c.Node.Type switch
    {
        "Flatten" => new Core.Operators.Flatten(c.Attributes).Output(x),
        "Reshape" => c.Integers(1) is { } target ? new Core.Operators.Reshape(c.Attributes).Output(x, target) : null,
        "Squeeze" => c.Has(1) && c.Integers(1) is null ? null : Core.Operators.Squeeze.Output(x, c.Integers(1)),
        "Unsqueeze" => c.Integers(1) is { } axes ? Core.Operators.Unsqueeze.Output(x, axes) : null,
        _ => null,
    };
}
