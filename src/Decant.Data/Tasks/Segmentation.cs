using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Data;

/// <summary>Options of <see cref="Segmentation"/>.</summary>
public sealed record SegmentationOptions
{
    /// <summary>The class of pixels that do not count; negative classes never do.</summary>
    public int Ignored { get; init; } = 255;
}

/// <summary>
/// The class of each pixel: an output N×C×H×W with a score for each class, or N×H×W with the class as an
/// integer, and one target of integers N×H×W or N×1×H×W. Both have one size.
/// </summary>
/// <param name="options">Which pixels count; null for the defaults.</param>
public sealed class Segmentation(SegmentationOptions? options = null) : LearningTask
{
    /// <summary>The options.</summary>
    public SegmentationOptions Options { get; } = options ?? new();

    /// <inheritdoc/>
    public override string Name => "segmentation";

    /// <inheritdoc/>
    public override void CheckFits(Network network, IDataSource data) => Require(network, data);

    /// <inheritdoc/>
    /// <remarks>Mean intersection over union, and the share of pixels whose class is right.</remarks>
    public override ImmutableArray<IMetric> Metrics(Network network, IDataSource data)
    {
        int output = ScoredOutput(network, data);
        return [new MeanIntersectionOverUnion(output, Options.Ignored), new PixelAccuracy(output, Options.Ignored)];
    }

    /// <inheritdoc/>
    /// <remarks>One of the target's size, if there is one.</remarks>
    public override int ScoredOutput(Network network, IDataSource data)
    {
        DataField target = data.Targets[0];
        int sized = TaskOutputs.Find(network, target, o => AreMaps(o) && SizesAgree(o, target.Shape));
        return sized >= 0 ? sized : TaskOutputs.Find(network, target, AreMaps);
    }

    /// <inheritdoc/>
    internal override string? Misfit(Network network, IDataSource data)
    {
        if (data.Targets is not [var target] || !AreClassMaps(target))
            return TaskOutputs.Needs(this, "one target, N×height×width of integers, the class of each pixel", data);
        int index = ScoredOutput(network, data);
        if (index < 0)
            return TaskOutputs.Needs(
                this,
                "an output N×classes×height×width of floats, or N×height×width of integers",
                network
            );
        ValueInfo output = network.Outputs[index];
        return SizesAgree(output.Type, target.Shape) || output.Type.Shape is not { } made
            ? null
            : $"{Name}: output '{output.Name}' has {made[-2]}×{made[-1]} pixels, and target "
                + $"'{target.Name}' {target.Shape[-2]}×{target.Shape[-1]}; they must be equal: resize one of them";
    }

    /// <inheritdoc/>
    internal override bool IsMeantFor(Network network, IDataSource data) =>
        data.Targets is [var target] && AreClassMaps(target) && ScoredOutput(network, data) >= 0;

    private static bool AreClassMaps(DataField target) =>
        target.Type.IsInteger()
        && target.Shape.IsKnown
        && (target.Shape.Rank == 2 || (target.Shape.Rank == 3 && target.Shape[0] == 1));

    private static bool AreMaps(TensorType output) =>
        output.Type.IsScored()
            ? output.Shape is null || (output.Shape is { Rank: 4 } scores && scores[1] is not 1)
            : output.Type.IsInteger()
                && (output.Shape is null or { Rank: 3 } || (output.Shape is { Rank: 4 } map && map[1] == 1));

    private static bool SizesAgree(TensorType output, Shape target) =>
        output.Shape is not { } made
        || Enumerable.Range(1, 2).All(a => made[-a] == Shape.Unknown || made[-a] == target[-a]);
}

/// <summary>The class of each pixel of a batch, and what the network takes it for.</summary>
internal sealed class PixelClasses
{
    private PixelClasses(int[] made, int[] target) => (Made, Target) = (made, target);

    /// <summary>The classes by the network, the first of the largest scores; -1 if a score is not a number.</summary>
    public int[] Made { get; }

    /// <summary>The classes that are right.</summary>
    public int[] Target { get; }

    /// <exception cref="DataException">A class is one that the network has no score for.</exception>
    public static PixelClasses Of(ScoredBatch batch, int output, int ignored)
    {
        Tensor made = batch.Outputs[output];
        int[] target = Integers.Of(batch.Targets[0]);
        if (made.Type != ElementType.Float32)
            return new(Integers.Of(made)[..target.Length], target);
        int classes = made.Shape[1];
        foreach (int c in target)
            if (c >= classes && c != ignored)
                throw new DataException(
                    $"a target of segmentation has class {c}, which is outside 0..{classes - 1}, the classes of the "
                        + $"output, and is not {ignored}, which does not count"
                );
        var largest = new int[target.Length];
        int pixels = target.Length / batch.Count;
        for (int i = 0; i < batch.Count; i++)
            SetLargest(
                made.Span<float>().Slice(i * classes * pixels, classes * pixels),
                largest.AsSpan(i * pixels, pixels)
            );
        return new(largest, target);
    }

    private static void SetLargest(ReadOnlySpan<float> scores, Span<int> largest)
    {
        int pixels = largest.Length;
        for (int p = 0; p < pixels; p++)
        {
            int at = p;
            for (int s = p; s < scores.Length && at >= 0; s += pixels)
                at =
                    float.IsNaN(scores[s]) ? -1
                    : scores[s] > scores[at] ? s
                    : at;
            largest[p] = at < 0 ? -1 : at / pixels;
        }
    }
}

/// <summary>
/// Mean over classes of TP / (TP + FP + FN) in pixels of all examples together (mIoU). Classes that neither target nor
/// output has do not count.
/// </summary>
/// <param name="output">The index of the output.</param>
/// <param name="ignored">The class of target pixels that do not count; negative ones never do.</param>
public sealed class MeanIntersectionOverUnion(int output, int ignored = 255) : IMetric
{
    private readonly SortedDictionary<int, (long Both, long Either)> classes = [];

    /// <inheritdoc/>
    public string Name => "mIoU";

    /// <inheritdoc/>
    public string Unit => "%";

    /// <inheritdoc/>
    public MetricDirection Direction => MetricDirection.HigherIsBetter;

    /// <inheritdoc/>
    /// <exception cref="DataException">No pixel counts.</exception>
    public double Value =>
        classes.Count > 0
            ? classes.Values.Average(c => (double)c.Both / c.Either)
            : throw new DataException("no pixel of the targets has a class that counts");

    /// <inheritdoc/>
    public void Add(ScoredBatch batch)
    {
        PixelClasses pixels = PixelClasses.Of(batch, output, ignored);
        var counts = new Dictionary<(int Made, int Target), long>();
        for (int i = 0; i < pixels.Target.Length; i++)
            if (pixels.Target[i] >= 0 && pixels.Target[i] != ignored)
                System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(
                    counts,
                    (pixels.Made[i], pixels.Target[i]),
                    out _
                )++;
        foreach (var ((made, target), count) in counts)
        {
            Count(target, made == target ? count : 0, count);
            if (made != target && made >= 0)
                Count(made, 0, count);
        }
    }

    private void Count(int at, long both, long either)
    {
        (long Both, long Either) now = classes.GetValueOrDefault(at);
        classes[at] = (now.Both + both, now.Either + either);
    }
}

/// <summary>The share of pixels whose class is right.</summary>
/// <param name="output">The index of the output.</param>
/// <param name="ignored">The class of target pixels that do not count; negative ones never do.</param>
public sealed class PixelAccuracy(int output, int ignored = 255) : IMetric
{
    private long right,
        count;

    /// <inheritdoc/>
    public string Name => "pixel accuracy";

    /// <inheritdoc/>
    public string Unit => "%";

    /// <inheritdoc/>
    public MetricDirection Direction => MetricDirection.HigherIsBetter;

    /// <inheritdoc/>
    public double Value => (double)right / count;

    /// <inheritdoc/>
    public void Add(ScoredBatch batch)
    {
        PixelClasses pixels = PixelClasses.Of(batch, output, ignored);
        for (int i = 0; i < pixels.Target.Length; i++)
            if (pixels.Target[i] >= 0 && pixels.Target[i] != ignored)
            {
                count++;
                right += pixels.Made[i] == pixels.Target[i] ? 1 : 0;
            }
    }
}
