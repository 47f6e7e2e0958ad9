using System.Collections.Immutable;
using Decant.Core.Channels;
using Decant.Core.Channels.Rules;

// Apart from its neighbours, among whom Shape goes on meaning a tensor's extents.
namespace Decant.Core.Operators.Inspection;

/// <summary>ONNX Shape: the extents of the axes from start (inclusive) to end (exclusive), as int64.</summary>
public sealed class Shape(Attributes attributes) : Operator("Shape", attributes, (1, 1), "start", "end")
{
    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => 0;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Core.Shape weight) => null;

    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.ReadsShapes;

    /// <inheritdoc/>
    public override bool IsSetting(int input) => false;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Shape;

    private readonly long start = attributes.Int("start", 0),
        end = attributes.Int("end", long.MaxValue);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        One(ElementType.Int64, inputs.Shape(0) is { } x ? new Core.Shape(Range(x.Rank).Count) : null);

    /// <inheritdoc/>
    public override Tensor? OfShapes(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is not { } x)
            return null;
        var (first, count) = Range(x.Rank);
        ImmutableArray<int> extents = x.Dims.Slice(first, count);
        return extents.Contains(Core.Shape.Unknown) ? null : Tensor.Vector([.. extents.Select(d => (long)d)]);
    }

    /// <summary>The first axis whose extent is given, and how many are.</summary>
    public (int First, int Count) Range(int rank)
    {
        int first = Bound(start, rank),
            last = Bound(end, rank);
        return (first, Math.Max(0, last - first));
    }

    private static int Bound(long value, int rank) => (int)Math.Clamp(value < 0 ? value + rank : value, 0, rank);
}
