using System.Collections.Immutable;
using Decant.Core.Channels;
using Decant.Core.Channels.Rules;

namespace Decant.Core.Operators;

/// <summary>
/// Pooling over windows of (N, C, spatial…), or over all of it: channels stay apart, and a channel s times as large
/// comes out s times as large.
/// </summary>
public abstract class PoolingOperator : Operator
{
    private protected PoolingOperator(string type, Attributes attributes, params ReadOnlySpan<string> known)
        : base(type, attributes, (1, 1), known) { }

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => 0;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) => null;

    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.PositivelyHomogeneous;

    /// <inheritdoc/>
    public sealed override bool IsSetting(int input) => false;
}

/// <summary>ONNX AveragePool over (N, C, spatial…).</summary>
public sealed class AveragePool(Attributes attributes)
    : PoolingOperator(
        "AveragePool",
        attributes,
        "auto_pad",
        "ceil_mode",
        "dilations",
        "kernel_shape",
        "pads",
        "strides",
        "count_include_pad"
    )
{
    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.AveragePool;

    /// <summary>The sliding window.</summary>
    public Window Window { get; } = new(attributes);

    /// <summary>Whether padding counts in the average.</summary>
    public bool CountIncludePad { get; } = attributes.Flag("count_include_pad");

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireType(0, TypeSet.Floats);
        if (inputs.Shape(0) is not { } x)
            return [new TensorType(inputs.Type(0), null)];
        if (x.Rank < 3)
            throw new ModelException($"pooling needs (N, C, spatial…), not {x}");
        Window.CheckPadding();
        return One(inputs.Type(0), Window.Output(x, x[1], Window.Kernel.AsSpan()));
    }
}

/// <summary>
/// ONNX MaxPool over (N, C, spatial…). Output 1, if named, holds the place of each maximum in the flattened input, as
/// int64.
/// </summary>
public sealed class MaxPool(Attributes attributes)
    : PoolingOperator(
        "MaxPool",
        attributes,
        "auto_pad",
        "ceil_mode",
        "dilations",
        "kernel_shape",
        "pads",
        "strides",
        "storage_order"
    )
{
    /// <inheritdoc/>
    public override OperatorTraits Traits => base.Traits | OperatorTraits.SelectsElements;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.PoolOfConstants;

    /// <summary>The sliding window.</summary>
    public Window Window { get; } = new(attributes);

    private static readonly TypeSet Types = new("floating-point types, UInt8 and Int8", t =>
        t.IsFloat() || t is ElementType.UInt8 or ElementType.Int8
    );

    /// <summary>Whether the places in output 1 count along the first spatial axis first (storage_order 1).</summary>
    public bool ColumnMajor { get; } = attributes.Flag("storage_order");

    /// <inheritdoc/>
    protected override int MostOutputs => 2;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireType(0, Types);
        if (inputs.Shape(0) is not { } x)
            return [new TensorType(inputs.Type(0), null), new TensorType(ElementType.Int64, null)];
        if (x.Rank < 3)
            throw new ModelException($"pooling needs (N, C, spatial…), not {x}");
        Window.CheckPadding();
        Shape output = Window.Output(x, x[1], Window.Kernel.AsSpan());
        return [new TensorType(inputs.Type(0), output), new TensorType(ElementType.Int64, output)];
    }
}

/// <summary>ONNX LpPool over (N, C, spatial…): (Σ |x|^p)^(1/p) over each window.</summary>
public sealed class LpPool(Attributes attributes)
    : PoolingOperator(
        "LpPool",
        attributes,
        "auto_pad",
        "ceil_mode",
        "dilations",
        "kernel_shape",
        "p",
        "pads",
        "strides"
    )
{
    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Pool;

    /// <summary>The sliding window.</summary>
    public Window Window { get; } = new(attributes);

    /// <summary>The norm's power.</summary>
    public int Power { get; } =
        attributes.Int("p", 2) is > 0 and < 1 << 16 and var p
            ? (int)p
            : throw new ModelException("attribute 'p' must be 1 or more");

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireType(0, TypeSet.Floats);
        if (inputs.Shape(0) is not { } x)
            return [new TensorType(inputs.Type(0), null)];
        if (x.Rank < 3)
            throw new ModelException($"pooling needs (N, C, spatial…), not {x}");
        Window.CheckPadding();
        return One(inputs.Type(0), Window.Output(x, x[1], Window.Kernel.AsSpan()));
    }
}

/// <summary>The shape rule of pooling over all spatial axes.</summary>
internal static class GlobalPool
{
    public static ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireType(0, TypeSet.Floats);
        if (inputs.Shape(0) is not { } x)
            return [new TensorType(inputs.Type(0), null)];
        if (x.Rank < 3)
            throw new ModelException($"global pooling needs (N, C, spatial…), not {x}");
        if (x.Dims.AsSpan()[2..].Contains(0))
            throw new ModelException($"an input of shape {x} has nothing to pool");
        int[] dims = new int[x.Rank];
        Array.Fill(dims, 1);
        (dims[0], dims[1]) = (x[0], x[1]);
        return [new TensorType(inputs.Type(0), new Shape(dims))];
    }
}

/// <summary>ONNX GlobalAveragePool: the mean over all spatial axes, which stay with extent 1.</summary>
public sealed class GlobalAveragePool(Attributes attributes) : PoolingOperator("GlobalAveragePool", attributes)
{
    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.PoolOfConstants;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => GlobalPool.Infer(inputs);
}

/// <summary>ONNX GlobalMaxPool: the greatest element over all spatial axes, which stay with extent 1.</summary>
public sealed class GlobalMaxPool(Attributes attributes) : PoolingOperator("GlobalMaxPool", attributes)
{
    /// <inheritdoc/>
    public override OperatorTraits Traits => base.Traits | OperatorTraits.SelectsElements;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.PoolOfConstants;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => GlobalPool.Infer(inputs);
}
