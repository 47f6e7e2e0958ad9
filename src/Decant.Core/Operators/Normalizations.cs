using System.Collections.Immutable;
using Decant.Core.Channels;
using Decant.Core.Channels.Rules;

namespace Decant.Core.Operators;

/// <summary>
/// ONNX BatchNormalization: (x − mean)/√(var + epsilon)·scale + B; inputs X, scale, B, mean, var. With
/// training_mode mean and var are the batch's own, and outputs 1 and 2 are the running ones·momentum + the batch's·(1
/// − momentum).
/// </summary>
public sealed class BatchNormalization(Attributes attributes)
    : Operator("BatchNormalization", attributes, (5, 5), "epsilon", "momentum", "training_mode")
{
    /// <inheritdoc/>
    public override bool IsAddend(int input) => input == 2;

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => 0;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) => null;

    /// <inheritdoc/>
    public override OperatorTraits Traits => TrainingMode ? OperatorTraits.None : OperatorTraits.Elementwise;

    /// <inheritdoc/>
    public override bool IsSetting(int input) => false;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => TrainingMode ? ChannelRules.Unknown : ChannelRules.BatchNormalization;

    /// <summary>Added to the variance.</summary>
    public float Epsilon { get; } = attributes.Float("epsilon", 1e-5f);

    /// <summary>The share of the old running statistics that training keeps.</summary>
    public float Momentum { get; } = attributes.Float("momentum", 0.9f);

    /// <summary>
    /// Whether the batch's own statistics are used, and the running ones moved towards them: outputs 1 and 2.
    /// </summary>
    public bool TrainingMode { get; } = attributes.Flag("training_mode");

    /// <inheritdoc/>
    protected override int MostOutputs => TrainingMode ? 3 : 1;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireRank(0, 2, "of batch and channels");
        int channels = inputs.Shape(0) is { } x ? x[1] : Shape.Unknown;
        inputs.RequireType(0, TypeSet.Floats);
        for (int i = 1; i < 5; i++)
        {
            inputs.RequireType(i, TypeSet.Floats);
            inputs.RequireVector(i, channels, "channel");
        }
        return TrainingMode ? [inputs.Types[0], inputs.Types[3], inputs.Types[4]] : [inputs.Types[0]];
    }
}

/// <summary>
/// ONNX GroupNormalization (opset 21): each group of channels of each image by its own mean and variance; inputs X (N,
/// C, …), scale (C), bias (C).
/// </summary>
public sealed class GroupNormalization(Attributes attributes)
    : Operator("GroupNormalization", attributes, (3, 3), "epsilon", "num_groups", "stash_type")
{
    /// <inheritdoc/>
    public override bool IsAddend(int input) => input == 2;

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => 0;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) => null;

    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.None;

    /// <inheritdoc/>
    public override bool IsSetting(int input) => false;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.GroupNormalization;

    /// <summary>Added to the variance.</summary>
    public float Epsilon { get; } = attributes.Float("epsilon", 1e-5f);

    /// <summary>How many groups the channels fall into.</summary>
    public int Groups { get; } =
        attributes.Int("num_groups", 1) is > 0 and <= int.MaxValue and var groups
            ? (int)groups
            : throw new ModelException("attribute 'num_groups' must be 1 or more");

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        CheckChannels(inputs);
        if (inputs.Shape(0) is { } x && x[1] >= 0 && x[1] % Groups != 0)
            throw new ModelException($"{x[1]} channels do not fall into {Groups} groups");
        return [inputs.Types[0]];
    }

    /// <summary>Checks that inputs 1 and 2 hold one number a channel.</summary>
    internal static void CheckChannels(OperatorInputs inputs)
    {
        inputs.RequireType(0, TypeSet.Floats);
        inputs.RequireSameTypes();
        inputs.RequireRank(0, 2, "of batch and channels");
        int channels = inputs.Shape(0) is { } x ? x[1] : Shape.Unknown;
        for (int i = 1; i < 3; i++)
            inputs.RequireVector(i, channels, "channel");
    }
}

/// <summary>
/// ONNX InstanceNormalization: each channel of each image by its own mean and variance; inputs X (N, C, …), scale, B.
/// </summary>
public sealed class InstanceNormalization(Attributes attributes)
    : Operator("InstanceNormalization", attributes, (3, 3), "epsilon")
{
    /// <inheritdoc/>
    public override bool IsAddend(int input) => input == 2;

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => 0;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) => null;

    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.None;

    /// <inheritdoc/>
    public override bool IsSetting(int input) => false;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.InstanceNormalization;

    /// <summary>Added to the variance.</summary>
    public float Epsilon { get; } = attributes.Float("epsilon", 1e-5f);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        GroupNormalization.CheckChannels(inputs);
        return [inputs.Types[0]];
    }
}

/// <summary>
/// ONNX LayerNormalization over the axes from <see cref="Axis"/> on; inputs X, scale, optional B, which broadcast to X.
/// Outputs Y, and where named the mean and 1/√(variance + epsilon), in Float32 but for doubles.
/// </summary>
public sealed class LayerNormalization(Attributes attributes)
    : Operator("LayerNormalization", attributes, (2, 3), "axis", "epsilon", "stash_type")
{
    /// <inheritdoc/>
    public override bool IsAddend(int input) => input == 2;

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => 0;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) => null;

    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.None;

    /// <inheritdoc/>
    public override bool IsSetting(int input) => false;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => new SharedNormRule((shape, axis) => axis >= shape.Axis(Axis));

    /// <summary>The first axis normalized; negative counts from the end.</summary>
    public long Axis { get; } = attributes.Int("axis", -1);

    /// <summary>Added to the variance.</summary>
    public float Epsilon { get; } = attributes.Float("epsilon", 1e-5f);

    /// <inheritdoc/>
    protected override int MostOutputs => 3;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireType(0, TypeSet.Floats);
        inputs.RequireSameTypes();
        ElementType statistics = inputs.Type(0) == ElementType.Float64 ? ElementType.Float64 : ElementType.Float32;
        if (inputs.Shape(0) is not { } x)
            return
            [
                new TensorType(inputs.Type(0), null),
                new TensorType(statistics, null),
                new TensorType(statistics, null),
            ];
        for (int i = 1; i < 3; i++)
            inputs.RequireBroadcast(i, x);
        int axis = x.Axis(Axis);
        var kept = new TensorType(statistics, new Shape([.. x.Dims.Select((d, i) => i < axis ? d : 1)]));
        return [inputs.Types[0], kept, kept];
    }
}

/// <summary>
/// ONNX RMSNormalization: x / √(mean of x² + epsilon) · scale over the axes from <see cref="Axis"/> on (Zhang,
/// Sennrich 2019).
/// </summary>
public sealed class RMSNormalization(Attributes attributes)
    : Operator("RMSNormalization", attributes, (2, 2), "axis", "epsilon", "stash_type")
{
    /// <inheritdoc/>
    public override int Opset => 23;

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => 0;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) => null;

    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.None;

    /// <inheritdoc/>
    public override bool IsSetting(int input) => false;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => new SharedNormRule((shape, axis) => axis >= shape.Axis(Axis));

    /// <summary>The first axis normalized; negative counts from the end.</summary>
    public long Axis { get; } = attributes.Int("axis", -1);

    /// <summary>Added to the mean square.</summary>
    public float Epsilon { get; } = attributes.Float("epsilon", 1e-5f);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireType(0, TypeSet.Floats);
        inputs.RequireSameTypes();
        if (inputs.Shape(0) is { } x)
        {
            inputs.RequireBroadcast(1, x);
            x.Axis(Axis);
        }
        return [inputs.Types[0]];
    }
}

/// <summary>
/// ONNX LRN: x / (bias + alpha/size · Σ x²)^beta, the sum over <see cref="Size"/> channels around each (Krizhevsky,
/// Sutskever, Hinton 2012, 3.3).
/// </summary>
public sealed class LRN(Attributes attributes) : Operator("LRN", attributes, (1, 1), "alpha", "beta", "bias", "size")
{
    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => 0;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) => null;

    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.None;

    /// <inheritdoc/>
    public override bool IsSetting(int input) => false;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.LRN;

    /// <summary>The share of the sum.</summary>
    public float Alpha { get; } = attributes.Float("alpha", 1e-4f);

    /// <summary>The power.</summary>
    public float Beta { get; } = attributes.Float("beta", 0.75f);

    /// <summary>Added before the power.</summary>
    public float Bias { get; } = attributes.Float("bias", 1);

    /// <summary>How many channels are summed.</summary>
    public int Size { get; } =
        attributes.Int("size", 1) is > 0 and <= int.MaxValue / 2 and var size
            ? (int)size
            : throw new ModelException("attribute 'size' must be 1 or more");

    /// <summary>
    /// The channels summed for channel <paramref name="c"/> of <paramref name="count"/>, both ends included.
    /// </summary>
    public (int First, int Last) Around(int c, int count) =>
        (Math.Max(0, c - (Size - 1) / 2), (int)Math.Min(count - 1, (long)c + Size / 2));

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireRank(0, 2, "(N, C, …)");
        return Elementwise.Unary(inputs, TypeSet.Floats);
    }
}

/// <summary>
/// ONNX Dropout: inputs data, optional ratio and training_mode. Without training_mode it hands its data on; output 1,
/// if named, is the mask of what is kept. With training_mode true a seed says what is dropped, as in ONNX's reference;
/// without one only a ratio of 0 can be run, since ONNX does not define what is random.
/// </summary>
public sealed class Dropout(Attributes attributes) : Operator("Dropout", attributes, (1, 3), "seed")
{
    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => 0;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) => null;

    /// <inheritdoc/>
    public override OperatorTraits Traits =>
        OperatorTraits.Elementwise | OperatorTraits.PositivelyHomogeneous | OperatorTraits.MovesElements;

    /// <inheritdoc/>
    public override bool IsSetting(int input) => input > 0;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Dropout;

    /// <summary>The seed; null if none is given.</summary>
    /// <exception cref="ModelException">It is not within 32 bits.</exception>
    public uint? Seed { get; } =
        !attributes.Has("seed") ? null
        : attributes.Int("seed") is >= 0 and <= uint.MaxValue and var seed ? (uint)seed
        : throw new ModelException($"Dropout's seed is {attributes.Int("seed")}; 0 to {uint.MaxValue} are possible");

    /// <summary>
    /// Which of some numbers are kept with training_mode true: those whose uniform random number is at least the ratio.
    /// </summary>
    /// <exception cref="ModelException">There is no seed.</exception>
    public bool[] Kept(int count, double ratio)
    {
        if (Seed is not { } seed)
            throw new ModelException(
                "training_mode is true and there is no seed: what is dropped would be random; run it with "
                    + "training_mode false, or give a seed"
            );
        var random = new MersenneTwister(seed);
        var kept = new bool[count];
        for (int i = 0; i < count; i++)
            kept[i] = random.NextDouble() >= ratio;
        return kept;
    }

    /// <inheritdoc/>
    protected override int MostOutputs => 2;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireType(0, TypeSet.Floats);
        inputs.RequireType(1, TypeSet.Floats);
        inputs.RequireSingle(1);
        inputs.RequireType(2, TypeSet.Bools);
        inputs.RequireSingle(2);
        return [inputs.Types[0], new TensorType(ElementType.Bool, inputs.Shape(0))];
    }
}
