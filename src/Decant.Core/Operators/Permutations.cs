using System.Collections.Immutable;
using Decant.Core.Channels;
using Decant.Core.Channels.Rules;

namespace Decant.Core.Operators;

/// <summary>ONNX Transpose: axes reordered; reversed if no order is given.</summary>
public sealed class Transpose(Attributes attributes) : MovementOperator("Transpose", attributes, (1, 1), "perm")
{
    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Transpose;

    private readonly ImmutableArray<long> perm = attributes.Ints("perm");

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        One(inputs.Type(0), inputs.Shape(0) is { } x ? new Shape([.. Order(x.Rank).Select(a => x[a])]) : null);

    /// <summary>For each axis of the result, the axis of the input it is.</summary>
    /// <exception cref="ModelException">The order given is not one of that many axes.</exception>
    public int[] Order(int rank)
    {
        if (perm.IsEmpty)
            return [.. Enumerable.Range(0, rank).Reverse()];
        if (perm.Length != rank || !perm.Order().SequenceEqual(Enumerable.Range(0, rank).Select(i => (long)i)))
            throw new ModelException($"perm {string.Join(',', perm)} does not order {rank} axes");
        return [.. perm.Select(p => (int)p)];
    }
}

/// <summary>ONNX DepthToSpace: channels of (N, C, H, W) laid out as blocks of space.</summary>
public sealed class DepthToSpace(Attributes attributes)
    : MovementOperator("DepthToSpace", attributes, (1, 1), "blocksize", "mode")
{
    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Unknown;

    /// <summary>The block's side.</summary>
    public int Block { get; } = SpaceToDepth.Side(attributes);

    /// <summary>Whether a channel's block lies together (mode CRD) rather than a place's channels (DCR).</summary>
    public bool ChannelFirst { get; } =
        attributes.Text("mode", "DCR") is "CRD" or "DCR"
            ? attributes.Text("mode", "DCR") == "CRD"
            : throw new ModelException($"attribute 'mode' is '{attributes.Text("mode", "")}'; possible are DCR, CRD");

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is not { } x)
            return [new TensorType(inputs.Type(0), null)];
        long square = (long)Block * Block;
        if (x.Rank != 4 || (x[1] >= 0 && x[1] % square != 0))
            throw new ModelException(
                $"an input of shape {x}; DepthToSpace needs (N, C, H, W) with C a multiple of {square}"
            );
        return One(
            inputs.Type(0),
            new Shape(
                x[0],
                x[1] < 0 ? Shape.Unknown : (int)(x[1] / square),
                Extents.Times(x[2], Block),
                Extents.Times(x[3], Block)
            )
        );
    }
}

/// <summary>ONNX SpaceToDepth: blocks of space of (N, C, H, W) laid out as channels.</summary>
public sealed class SpaceToDepth(Attributes attributes)
    : MovementOperator("SpaceToDepth", attributes, (1, 1), "blocksize")
{
    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Unknown;

    /// <summary>The block's side.</summary>
    public int Block { get; } = Side(attributes);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is not { } x)
            return [new TensorType(inputs.Type(0), null)];
        if (x.Rank != 4 || (x[2] >= 0 && x[2] % Block != 0) || (x[3] >= 0 && x[3] % Block != 0))
            throw new ModelException(
                $"an input of shape {x}; SpaceToDepth needs (N, C, H, W) with H and W multiples of {Block}"
            );
        return One(inputs.Type(0), new Shape(x[0], Extents.Times(x[1], (long)Block * Block), Part(x[2]), Part(x[3])));
    }

    internal static int Side(Attributes attributes) =>
        attributes.Int("blocksize", 1) is > 0 and < 1 << 15 and var side
            ? (int)side
            : throw new ModelException("attribute 'blocksize' must be 1 or more");

    private int Part(int extent) => extent < 0 ? Shape.Unknown : extent / Block;
}
