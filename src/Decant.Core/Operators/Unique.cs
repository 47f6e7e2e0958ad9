using System.Collections.Immutable;
using Decant.Core.Channels;
using Decant.Core.Channels.Rules;

namespace Decant.Core.Operators;

/// <summary>
/// ONNX Unique: the elements, or the slices along an axis, that differ, in order or as they come; where each is first,
/// which one of them each was, and how often each was there.
/// </summary>
public sealed class Unique(Attributes attributes) : Operator("Unique", attributes, (1, 1), "axis", "sorted")
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
    internal override ChannelRule ChannelRule => ChannelRules.Unknown;

    /// <inheritdoc/>
    protected override int MostOutputs => 4;

    /// <summary>Whether the results are in order.</summary>
    public bool IsSorted { get; } = attributes.Flag("sorted", true);

    /// <summary>Whether slices along an axis are compared, not elements.</summary>
    public bool HasAxis { get; } = attributes.Has("axis");

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireType(0, TypeSet.NumbersAndBools);
        if (inputs.Shape(0) is not { } x)
            return Outputs(inputs.Type(0), HasAxis ? null : new Shape(Shape.Unknown), Shape.Unknown, Shape.Unknown);
        int count = inputs.Constant(0) is { } values ? Find(values).Firsts.Length : Shape.Unknown;
        if (HasAxis)
            return Outputs(inputs.Type(0), x.With(Axis(x), count), count, x[Axis(x)]);
        return Outputs(inputs.Type(0), new Shape(count), count, x.IsKnown ? checked((int)x.Count) : Shape.Unknown);
    }

    /// <summary>The axis that is compared along; 0 of the elements in a row.</summary>
    public int Axis(Shape x) => HasAxis ? x.Axis(Attributes.Int("axis")) : 0;

    /// <summary>Where slices that differ are first, which of those each slice is, and how many of each there
    /// are.</summary>
    public (int[] Firsts, long[] Inverse, long[] Counts) Find(Tensor values) =>
        values.Type switch
        {
            ElementType.Float32 => Find(values.Array<float>(), values.Shape),
            ElementType.Float64 => Find(values.Array<double>(), values.Shape),
            ElementType.Float16 => Find(values.Array<Half>(), values.Shape),
            ElementType.Int8 => Find(values.Array<sbyte>(), values.Shape),
            ElementType.Int16 => Find(values.Array<short>(), values.Shape),
            ElementType.Int32 => Find(values.Array<int>(), values.Shape),
            ElementType.Int64 => Find(values.Array<long>(), values.Shape),
            ElementType.UInt8 => Find(values.Array<byte>(), values.Shape),
            ElementType.UInt16 => Find(values.Array<ushort>(), values.Shape),
            ElementType.UInt32 => Find(values.Array<uint>(), values.Shape),
            ElementType.UInt64 => Find(values.Array<ulong>(), values.Shape),
            ElementType.Bool => Find(values.Array<bool>(), values.Shape),
            var type => throw new ModelException($"an input of {type}; numeric types and bool are possible"),
        };

    private (int[] Firsts, long[] Inverse, long[] Counts) Find<T>(T[] x, Shape shape)
        where T : IComparable<T>
    {
        int axis = Axis(shape),
            extent = HasAxis ? shape[axis] : x.Length,
            inner = HasAxis ? (int)shape.CountFrom(axis + 1) : 1,
            outer = extent == 0 || inner == 0 ? 0 : x.Length / extent / inner;
        int Compare(int a, int b)
        {
            for (int o = 0; o < outer; o++)
            for (int i = 0; i < inner; i++)
                if (x[(o * extent + a) * inner + i].CompareTo(x[(o * extent + b) * inner + i]) is not 0 and var order)
                    return order;
            return 0;
        }
        int[] ordered = [.. Enumerable.Range(0, extent)];
        Array.Sort(ordered, (a, b) => Compare(a, b) is not 0 and var order ? order : a.CompareTo(b));
        return Grouped(ordered, (a, b) => Compare(a, b) == 0);
    }

    private (int[] Firsts, long[] Inverse, long[] Counts) Grouped(int[] ordered, Func<int, int, bool> areEqual)
    {
        var groups = new List<List<int>>();
        foreach (int slice in ordered)
            if (groups.Count > 0 && areEqual(groups[^1][0], slice))
                groups[^1].Add(slice);
            else
                groups.Add([slice]);
        if (!IsSorted)
            groups.Sort((a, b) => a[0].CompareTo(b[0]));
        var inverse = new long[ordered.Length];
        for (int group = 0; group < groups.Count; group++)
            foreach (int slice in groups[group])
                inverse[slice] = group;
        return ([.. groups.Select(g => g[0])], inverse, [.. groups.Select(g => (long)g.Count)]);
    }

    private static ImmutableArray<TensorType?> Outputs(ElementType type, Shape? values, int count, int slices)
    {
        var counts = new TensorType(ElementType.Int64, new Shape(count));
        return [new TensorType(type, values), counts, new TensorType(ElementType.Int64, new Shape(slices)), counts];
    }
}
