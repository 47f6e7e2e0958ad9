using System.Collections.Immutable;
using Decant.Core.Channels;
using Decant.Core.Channels.Rules;

namespace Decant.Core.Operators;

/// <summary>ONNX Conv: X (N, C, spatial…), W (M, C/group, kernel…), optional B (M).</summary>
public sealed class Conv(Attributes attributes)
    : LinearOperator("Conv", attributes, (2, 3), "auto_pad", "dilations", "group", "kernel_shape", "pads", "strides")
{
    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Conv;

    /// <inheritdoc/>
    public override int? BiasInput => 2;

    /// <inheritdoc/>
    public override int InputChannelAxis(int rank) => 1;

    /// <inheritdoc/>
    public override int OutputChannelAxis(int rank) => 1;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) =>
        input == WeightInput && weight.Rank > 2 ? Windowed(weight, Group, output: 1) : null;

    /// <summary>The sliding window.</summary>
    public Window Window { get; } = new(attributes);

    /// <summary>How many groups the channels fall into.</summary>
    public int Group { get; } =
        attributes.Int("group", 1) is > 0 and <= int.MaxValue and var g
            ? (int)g
            : throw new ModelException("attribute 'group' must be 1 or more");

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is not { } x || inputs.Shape(1) is not { } w)
            return [new TensorType(inputs.Type(0), null)];
        if (x.Rank < 3 || w.Rank != x.Rank)
            throw new ModelException($"input of shape {x} and weight of shape {w} do not fit");
        if (x[1] >= 0 && x[1] != (long)w[1] * Group)
            throw new ModelException(
                $"the input has {x[1]} channels, the weight {w} with {Group} groups takes {(long)w[1] * Group}"
            );
        if (w[0] % Group != 0)
            throw new ModelException($"{w[0]} output channels do not fall into {Group} groups");
        if (!Window.Kernel.IsEmpty && !Window.Kernel.SequenceEqual(w.Dims.Skip(2)))
            throw new ModelException($"kernel_shape {string.Join('×', Window.Kernel)} is not that of the weight {w}");
        return One(inputs.Type(0), Window.Output(x, w[0], w.Dims.AsSpan()[2..]));
    }

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) =>
        Infer(inputs)[0]?.Shape is { IsKnown: true } y && inputs.Shape(1) is { IsKnown: true } w
            ? y.Count * w.CountFrom(1)
            : 0;
}

/// <summary>
/// ONNX ConvInteger: <see cref="Conv"/> of 8-bit x and w less their zero points (inputs 2 and 3, optional), in int32.
/// </summary>
public sealed class ConvInteger(Attributes attributes)
    : Operator("ConvInteger", attributes, (2, 4), "auto_pad", "dilations", "group", "kernel_shape", "pads", "strides")
{
    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.None;

    /// <inheritdoc/>
    public override bool IsSetting(int input) => input > 1;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Unknown;

    /// <summary>The convolution of what is left after the zero points.</summary>
    public Conv Convolution { get; } = new(attributes);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        One(ElementType.Int32, Convolution.Infer(inputs)[0]?.Shape);

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => Convolution.Macs(inputs);
}

/// <summary>
/// ONNX QLinearConv: a convolution of 8-bit tensors, quantized again. Inputs x, its scale and zero point, w, its scale
/// and zero point (one or one an output channel), the result's scale and zero point, optional B in int32 at the scale
/// x_scale·w_scale.
/// </summary>
public sealed class QLinearConv(Attributes attributes)
    : Operator("QLinearConv", attributes, (8, 9), "auto_pad", "dilations", "group", "kernel_shape", "pads", "strides")
{
    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.None;

    /// <inheritdoc/>
    public override bool IsSetting(int input) => input is not (0 or 3 or 8);

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Unknown;

    /// <summary>The convolution of what is left after the zero points.</summary>
    public Conv Convolution { get; } = new(attributes);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        One(inputs.Type(7), Convolution.Infer(Factors(inputs))[0]?.Shape);

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => Convolution.Macs(Factors(inputs));

    private static OperatorInputs Factors(OperatorInputs inputs) =>
        new([inputs.Types[0], inputs.Types[3]], [null, null]);
}

/// <summary>
/// ONNX ConvTranspose: X (N, C, spatial…), W (C, M/group, kernel…), optional B (M): what the gradient of a Conv by its
/// input is.
/// </summary>
public sealed class ConvTranspose(Attributes attributes)
    : LinearOperator(
        "ConvTranspose",
        attributes,
        (2, 3),
        "auto_pad",
        "dilations",
        "group",
        "kernel_shape",
        "output_padding",
        "output_shape",
        "pads",
        "strides"
    )
{
    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.ConvTranspose;

    /// <inheritdoc/>
    public override int? BiasInput => 2;

    /// <inheritdoc/>
    public override int InputChannelAxis(int rank) => 1;

    /// <inheritdoc/>
    public override int OutputChannelAxis(int rank) => 1;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) =>
        input == WeightInput && weight.Rank > 2 ? Windowed(weight, Group, output: 2) : null;

    private readonly ImmutableArray<long> extra = Extra(attributes, "output_padding"),
        wanted = Extra(attributes, "output_shape", 1);

    /// <summary>The sliding window of the Conv.</summary>
    public Window Window { get; } = new(attributes);

    /// <summary>How many groups the channels fall into.</summary>
    public int Group { get; } =
        attributes.Int("group", 1) is > 0 and <= int.MaxValue and var g
            ? (int)g
            : throw new ModelException("attribute 'group' must be 1 or more");

    /// <summary>What is cropped before each spatial axis of the result, and the extent that is left.</summary>
    public (int Before, int Output)[] Fit(Shape x, Shape w)
    {
        int rank = x.Rank - 2;
        foreach (var given in new[] { extra, wanted })
            if (!given.IsEmpty && given.Length != rank)
                throw new ModelException(
                    $"output_padding or output_shape holds {given.Length} numbers for {rank} spatial axes"
                );
        var fit = new (int, int)[rank];
        for (int i = 0; i < rank; i++)
            fit[i] =
                x[i + 2] < 0
                    ? (0, Shape.Unknown)
                    : Window.Against(
                        i,
                        rank,
                        w[i + 2],
                        x[i + 2],
                        extra.IsEmpty ? 0 : extra[i],
                        wanted.IsEmpty ? null : wanted[i]
                    );
        return fit;
    }

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is not { } x || inputs.Shape(1) is not { IsKnown: true } w)
            return [new TensorType(inputs.Type(0), null)];
        if (x.Rank < 3 || w.Rank != x.Rank || (x[1] >= 0 && x[1] != w[0]))
            throw new ModelException($"input of shape {x} and weight of shape {w} do not fit");
        if (w[0] % Group != 0)
            throw new ModelException($"{w[0]} input channels do not fall into {Group} groups");
        if (!Window.Kernel.IsEmpty && !Window.Kernel.SequenceEqual(w.Dims.Skip(2)))
            throw new ModelException($"kernel_shape {string.Join('×', Window.Kernel)} is not that of the weight {w}");
        Window.CheckRank(x.Rank - 2, w.Rank - 2, x);
        return One(inputs.Type(0), new Shape([x[0], Extents.Times(w[1], Group), .. Fit(x, w).Select(f => f.Output)]));
    }

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) =>
        inputs.Shape(0) is { IsKnown: true } x && inputs.Shape(1) is { IsKnown: true } w
            ? checked(x.Count * w.CountFrom(1))
            : 0;

    private static ImmutableArray<long> Extra(Attributes attributes, string name, int least = 0)
    {
        foreach (long n in attributes.Ints(name))
            if (n < least || n > int.MaxValue / 4)
                throw new ModelException($"attribute '{name}' holds {n}; it must be {least} or more");
        return attributes.Ints(name);
    }
}
