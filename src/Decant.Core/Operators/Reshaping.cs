using System.Collections.Immutable;
using Decant.Core.Channels;
using Decant.Core.Channels.Rules;

namespace Decant.Core.Operators;

/// <summary>ONNX Reshape: input 1 is the target; 0 copies the extent, one -1 takes what is left.</summary>
public sealed class Reshape(Attributes attributes) : MovementOperator("Reshape", attributes, (2, 2), "allowzero")
{
    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Reshape;

    /// <summary>Whether a 0 in the target is an extent of 0 rather than a copy.</summary>
    public bool AllowZero { get; } = attributes.Flag("allowzero");

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireIntegers(1);
        return One(
            inputs.Type(0),
            inputs.Integers(1) is { } target && inputs.Shape(0) is { } x
                ? Output(x, target)
                : Extents.OfLength(inputs.Shape(1))
        );
    }

    /// <summary>The shape of the result; extents that depend on an unknown one are unknown.</summary>
    /// <exception cref="ModelException">The target does not fit.</exception>
    public Shape Output(Shape x, ReadOnlySpan<long> target)
    {
        int[] dims = new int[target.Length];
        for (int i = 0; i < dims.Length; i++)
            dims[i] =
                target[i] == 0 && !AllowZero
                    ? i < x.Rank
                        ? x[i]
                        : throw new ModelException(
                            $"target {string.Join(',', target.ToArray())} copies axis {i}, which {x} lacks"
                        )
                    : target[i] is >= -1 and <= int.MaxValue
                        ? (int)target[i]
                        : throw new ModelException($"an extent of {target[i]} in a target shape");
        Infer(x, dims, target);
        return new Shape(dims);
    }

    private void Infer(Shape x, int[] dims, ReadOnlySpan<long> target)
    {
        int free = target.IndexOf(-1);
        if (free >= 0 && target[(free + 1)..].Contains(-1))
            throw new ModelException("a target shape with two -1");
        if (!x.IsKnown || dims.Where((d, i) => d < 0 && i != free).Any())
        {
            if (free >= 0)
                dims[free] = Ratio(x, dims, free);
            return;
        }
        long rest = dims.Where((_, i) => i != free).Aggregate(1L, (n, d) => checked(n * d));
        if (free >= 0 && rest > 0 && x.Count % rest == 0 && x.Count / rest <= int.MaxValue)
            dims[free] = (int)(x.Count / rest);
        else if (free >= 0 || rest != x.Count)
            throw new ModelException($"shape {x} cannot become {string.Join(',', target.ToArray())}");
    }

    /// <summary>The free extent where the only unknown one is copied unchanged: it cancels.</summary>
    private static int Ratio(Shape x, int[] dims, int free)
    {
        int unknown = x.Dims.IndexOf(Shape.Unknown);
        bool cancels =
            unknown >= 0
            && x.Dims.Count(d => d < 0) == 1
            && unknown < dims.Length
            && unknown != free
            && dims[unknown] < 0
            && dims.Where((d, i) => d < 0 && i != free && i != unknown).Any() is false;
        if (!cancels)
            return Shape.Unknown;
        long all = x.With(unknown, 1).Count,
            rest = 1;
        for (int i = 0; i < dims.Length; i++)
            if (i != free && i != unknown)
                rest *= dims[i];
        return rest > 0 && all % rest == 0 && all / rest <= int.MaxValue ? (int)(all / rest) : Shape.Unknown;
    }
}

/// <summary>ONNX Flatten: a matrix of the axes before <see cref="Axis"/> by the axes from it on.</summary>
public sealed class Flatten(Attributes attributes) : MovementOperator("Flatten", attributes, (1, 1), "axis")
{
    /// <inheritdoc/>
    public override OperatorTraits Traits =>
        Axis == 1 ? base.Traits | OperatorTraits.PositivelyHomogeneous : base.Traits;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Flatten;

    /// <summary>Where the rows end; negative counts from the end.</summary>
    public int Axis { get; } = attributes.Int32("axis", 1);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        One(inputs.Type(0), inputs.Shape(0) is { } x ? Output(x) : null);

    /// <summary>The shape of the result; an extent is unknown where a factor is.</summary>
    /// <exception cref="ModelException">The axis is outside the shape.</exception>
    public Shape Output(Shape x)
    {
        int axis = Axis == x.Rank ? Axis : x.Axis(Axis);
        return new Shape(Product(x.Dims.AsSpan()[..axis]), Product(x.Dims.AsSpan()[axis..]));
    }

    private static int Product(ReadOnlySpan<int> dims)
    {
        if (dims.Contains(Shape.Unknown))
            return Shape.Unknown;
        long n = new Shape(dims).Count;
        return n <= int.MaxValue ? (int)n : throw new ModelException($"flattening makes an extent of {n}");
    }
}

/// <summary>ONNX Squeeze: the axes of input 1, or all of extent 1 if it is left out, taken away.</summary>
public sealed class Squeeze(Attributes attributes) : MovementOperator("Squeeze", attributes, (1, 2))
{
    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Squeeze;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireIntegers(1);
        return One(
            inputs.Type(0),
            inputs.Shape(0) is { } x && (!inputs.Has(1) || inputs.Integers(1) is not null)
                ? Output(x, inputs.Integers(1))
                : null
        );
    }

    /// <summary>The shape without the axes; null if an unknown extent decides it.</summary>
    /// <exception cref="ModelException">An axis named is not of extent 1.</exception>
    public static Shape? Output(Shape x, long[]? axes)
    {
        if (axes is null)
            return x.IsKnown ? new Shape([.. x.Dims.Where(d => d != 1)]) : null;
        HashSet<int> taken = [.. axes.Select(x.Axis)];
        if (taken.Any(a => x[a] is not (1 or Shape.Unknown)))
            throw new ModelException($"cannot squeeze an axis of {x} that is not 1");
        return new Shape([.. x.Dims.Where((_, i) => !taken.Contains(i))]);
    }
}

/// <summary>ONNX Unsqueeze: axes of extent 1 put where input 1 says, in the result's numbering.</summary>
public sealed class Unsqueeze(Attributes attributes) : MovementOperator("Unsqueeze", attributes, (2, 2))
{
    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Unsqueeze;

    private const int MaxRank = 64;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireIntegers(1);
        return One(inputs.Type(0), inputs.Shape(0) is { } x && inputs.Integers(1) is { } axes ? Output(x, axes) : null);
    }

    /// <summary>The shape with the axes.</summary>
    /// <exception cref="ModelException">An axis is outside, given twice, or there are more than 64 in all.</exception>
    public static Shape Output(Shape x, long[] axes)
    {
        if (x.Rank + (long)axes.Length > MaxRank)
            throw new ModelException(
                $"unsqueezing makes {x.Rank + (long)axes.Length} axes; at most {MaxRank} are possible"
            );
        var result = new Shape(new int[x.Rank + axes.Length]);
        HashSet<int> added = [.. axes.Select(result.Axis)];
        if (added.Count != axes.Length)
            throw new ModelException("an axis is unsqueezed twice");
        var dims = new Queue<int>(x.Dims);
        return new Shape([.. Enumerable.Range(0, result.Rank).Select(i => added.Contains(i) ? 1 : dims.Dequeue())]);
    }
}

/// <summary>ONNX Expand: input 0 repeated to what its shape and the target of input 1 broadcast to.</summary>
public sealed class Expand(Attributes attributes) : MovementOperator("Expand", attributes, (2, 2))
{
    /// <inheritdoc/>
    public override OperatorTraits Traits => base.Traits | OperatorTraits.Elementwise;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Unknown;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireIntegers(1);
        if (inputs.Shape(0) is not { } x)
            return One(inputs.Type(0), null);
        Shape? open = Extents.OfLength(inputs.Shape(1)) is { } rank ? Extents.Open(Math.Max(x.Rank, rank.Rank)) : null;
        return One(inputs.Type(0), inputs.Integers(1) is { } target ? Shape.Broadcast(x, Extents.Of(target)) : open);
    }
}

/// <summary>ONNX Size: the number of elements, as an int64 scalar.</summary>
public sealed class Size(Attributes attributes) : Operator("Size", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => 0;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) => null;

    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.ReadsShapes;

    /// <inheritdoc/>
    public override bool IsSetting(int input) => false;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Unknown;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => One(ElementType.Int64, Shape.Scalar);

    /// <inheritdoc/>
    public override Tensor? OfShapes(OperatorInputs inputs) =>
        inputs.Shape(0) is { IsKnown: true } x ? Tensor.Scalar(x.Count) : null;
}
