using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Tile: the input repeated along each axis as often as input 1 says.</summary>
public sealed class Tile(Attributes attributes) : Operator("Tile", attributes, (2, 2))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is not { } x || inputs.Integers(1) is not { } repeats) return [new TensorType(inputs.Type(0), null)];
        if (repeats.Length != x.Rank) throw new ModelException($"{repeats.Length} repeats for an input of shape {x}");
        Shape often = Extents.Of(repeats);
        return One(inputs.Type(0), new Shape([.. x.Dims.Select((d, i) => Extents.Times(d, often[i]))]));
    }
}
