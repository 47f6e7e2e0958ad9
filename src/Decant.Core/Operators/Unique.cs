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
    public (int[] Firsts, long[] Inverse, long[] Counts) Find(Tensor values)
    {
        ulong[] keys = KeysOf(values);
        Shape shape = values.Shape;
        int axis = Axis(shape),
            extent = HasAxis ? shape[axis] : keys.Length,
            inner = HasAxis ? (int)shape.CountFrom(axis + 1) : 1,
            outer = extent == 0 || inner == 0 ? 0 : keys.Length / extent / inner;
        int Compare(int a, int b)
        {
            for (int o = 0; o < outer; o++)
            for (int i = 0; i < inner; i++)
            {
                ulong x = keys[(o * extent + a) * inner + i],
                    y = keys[(o * extent + b) * inner + i];
                if (x != y)
                    return x < y ? -1 : 1;
            }
            return 0;
        }
        var ordered = new int[extent];
        for (int i = 0; i < extent; i++)
            ordered[i] = i;
        Array.Sort(ordered, (a, b) => Compare(a, b) is not 0 and var order ? order : a - b);
        return Grouped(ordered, (a, b) => Compare(a, b) == 0);
    }

    /// <summary>For each element a number, equal for equal elements, that grows with them.</summary>
    private static ulong[] KeysOf(Tensor values) =>
        values.Type switch
        {
            ElementType.Float32 => Array.ConvertAll(values.Array<float>(), v => KeyOf((double)v)),
            ElementType.Float64 => Array.ConvertAll(values.Array<double>(), KeyOf),
            ElementType.Float16 => Array.ConvertAll(values.Array<Half>(), v => KeyOf((double)v)),
            ElementType.Int8 => Array.ConvertAll(values.Array<sbyte>(), v => KeyOf((long)v)),
            ElementType.Int16 => Array.ConvertAll(values.Array<short>(), v => KeyOf((long)v)),
            ElementType.Int32 => Array.ConvertAll(values.Array<int>(), v => KeyOf((long)v)),
            ElementType.Int64 => Array.ConvertAll(values.Array<long>(), KeyOf),
            ElementType.UInt8 => Array.ConvertAll(values.Array<byte>(), v => (ulong)v),
            ElementType.UInt16 => Array.ConvertAll(values.Array<ushort>(), v => (ulong)v),
            ElementType.UInt32 => Array.ConvertAll(values.Array<uint>(), v => (ulong)v),
            ElementType.UInt64 => values.Array<ulong>(),
            ElementType.Bool => Array.ConvertAll(values.Array<bool>(), v => v ? 1UL : 0),
            var type => throw new ModelException($"an input of {type}; numeric types and bool are possible"),
        };

    private static ulong KeyOf(long value) => (ulong)value ^ 1UL << 63;

    /// <summary>Both zeros are equal; what is no number is equal to itself and before all others.</summary>
    private static ulong KeyOf(double value)
    {
        if (double.IsNaN(value))
            return 0;
        long bits = BitConverter.DoubleToInt64Bits(value == 0 ? 0 : value);
        return bits < 0 ? ~(ulong)bits : KeyOf(bits);
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
        var firsts = new int[groups.Count];
        var counts = new long[groups.Count];
        for (int group = 0; group < groups.Count; group++)
            (firsts[group], counts[group]) = (groups[group][0], groups[group].Count);
        return (firsts, inverse, counts);
    }

    private static ImmutableArray<TensorType?> Outputs(ElementType type, Shape? values, int count, int slices)
    {
        var counts = new TensorType(ElementType.Int64, new Shape(count));
        return [new TensorType(type, values), counts, new TensorType(ElementType.Int64, new Shape(slices)), counts];
    }
}
