using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Conv: X (N, C, spatial…), W (M, C/group, kernel…), optional B (M).</summary>
public sealed class Conv(Attributes attributes) : Operator("Conv", attributes, (2, 3),
    "auto_pad", "dilations", "group", "kernel_shape", "pads", "strides")
{
    /// <summary>The sliding window.</summary>
    public Window Window { get; } = new(attributes);

    /// <summary>How many groups the channels fall into.</summary>
    public int Group { get; } = attributes.Int("group", 1) is > 0 and <= int.MaxValue and var g
        ? (int)g
        : throw new ModelException("attribute 'group' must be 1 or more");

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is not { } x || inputs.Shape(1) is not { } w) return [new TensorType(inputs.Type(0), null)];
        if (x.Rank < 3 || w.Rank != x.Rank) throw new ModelException($"input of shape {x} and weight of shape {w} do not fit");
        if (x[1] >= 0 && x[1] != (long)w[1] * Group)
            throw new ModelException($"the input has {x[1]} channels, the weight {w} with {Group} groups takes {(long)w[1] * Group}");
        if (w[0] % Group != 0) throw new ModelException($"{w[0]} output channels do not fall into {Group} groups");
        if (!Window.Kernel.IsEmpty && !Window.Kernel.SequenceEqual(w.Dims.Skip(2)))
            throw new ModelException($"kernel_shape {string.Join('×', Window.Kernel)} is not that of the weight {w}");
        return One(inputs.Type(0), Window.Output(x, w[0], w.Dims.AsSpan()[2..]));
    }

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) =>
        Infer(inputs)[0]?.Shape is { IsKnown: true } y && inputs.Shape(1) is { IsKnown: true } w ? y.Count * w.CountFrom(1) : 0;
}
