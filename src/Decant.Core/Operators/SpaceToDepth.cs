using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX SpaceToDepth: blocks of space of (N, C, H, W) laid out as channels.</summary>
public sealed class SpaceToDepth(Attributes attributes) : Operator("SpaceToDepth", attributes, (1, 1), "blocksize")
{
    /// <summary>The block's side.</summary>
    public int Block { get; } = Side(attributes);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is not { } x) return [new TensorType(inputs.Type(0), null)];
        if (x.Rank != 4 || (x[2] >= 0 && x[2] % Block != 0) || (x[3] >= 0 && x[3] % Block != 0))
            throw new ModelException($"an input of shape {x}; SpaceToDepth needs (N, C, H, W) with H and W multiples of {Block}");
        return One(inputs.Type(0), new Shape(x[0], Extents.Times(x[1], (long)Block * Block), Part(x[2]), Part(x[3])));
    }

    internal static int Side(Attributes attributes) => attributes.Int("blocksize", 1) is > 0 and < 1 << 15 and var side
        ? (int)side
        : throw new ModelException("attribute 'blocksize' must be 1 or more");

    private int Part(int extent) => extent < 0 ? Shape.Unknown : extent / Block;
}
