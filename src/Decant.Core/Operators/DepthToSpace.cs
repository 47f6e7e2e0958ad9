using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX DepthToSpace: channels of (N, C, H, W) laid out as blocks of space.</summary>
public sealed class DepthToSpace(Attributes attributes) : Operator("DepthToSpace", attributes, (1, 1), "blocksize", "mode")
{
    private readonly string mode = attributes.Text("mode", "DCR");

    /// <summary>The block's side.</summary>
    public int Block { get; } = SpaceToDepth.Side(attributes);

    /// <summary>Whether a channel's block lies together (mode CRD) rather than a place's channels (DCR).</summary>
    public bool ChannelFirst => mode is "CRD" or "DCR" ? mode == "CRD" : throw new ModelException($"attribute 'mode' is '{mode}'; possible are DCR, CRD");

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is not { } x) return [new TensorType(inputs.Type(0), null)];
        long square = (long)Block * Block;
        if (x.Rank != 4 || (x[1] >= 0 && x[1] % square != 0)) throw new ModelException($"an input of shape {x}; DepthToSpace needs (N, C, H, W) with C a multiple of {square}");
        return One(inputs.Type(0), new Shape(x[0], x[1] < 0 ? Shape.Unknown : (int)(x[1] / square), Extents.Times(x[2], Block), Extents.Times(x[3], Block)));
    }
}
