using System.Collections.Immutable;
using Decant.Core.Channels;
using Decant.Core.Channels.Rules;

namespace Decant.Core.Operators;

/// <summary>
/// ONNX NonMaxSuppression: of boxes (N, B, 4) with scores (N, classes, B) those that none of a higher score in their
/// class overlaps, each as a row of image, class and box (int64): by image, by class, the highest score first.
/// </summary>
public sealed class NonMaxSuppression(Attributes attributes)
    : Operator("NonMaxSuppression", attributes, (2, 5), "center_point_box")
{
    /// <summary>Whether boxes are given as centre x, centre y, width and height, not as two corners, y first.</summary>
    public bool IsCentred { get; } =
        attributes.Int("center_point_box", 0) is (0 or 1) and var form
            ? form == 1
            : throw new ModelException("attribute 'center_point_box' must be 0 or 1");

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => 0;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) => null;

    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.None;

    /// <inheritdoc/>
    public override bool IsSetting(int input) => input > 1;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Unknown;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        foreach (int input in (int[])[0, 1, 3, 4])
            inputs.RequireType(input, TypeSet.Of(ElementType.Float32));
        inputs.RequireType(2, TypeSet.Of(ElementType.Int64));
        for (int i = 2; i < 5; i++)
            inputs.RequireSingle(i);
        if (inputs.Shape(0) is { } boxes && inputs.Shape(1) is { } scores)
            Check(boxes, scores);
        int rows = Shape.Unknown;
        if (inputs.Constant(0) is { } b && inputs.Constant(1) is { } s && HasSettings(inputs))
            rows = Select(b, s, inputs).Shape[0];
        return One(ElementType.Int64, new Shape(rows, 3));
    }

    /// <summary>The boxes that stay: a row of image, class and box for each (int64).</summary>
    /// <param name="boxes">The boxes.</param>
    /// <param name="scores">Their scores.</param>
    /// <param name="inputs">The elements of the other inputs.</param>
    /// <exception cref="ModelException">The share of overlap is outside 0 to 1.</exception>
    public Tensor Select(Tensor boxes, Tensor scores, OperatorInputs inputs)
    {
        long most = inputs.Has(2) ? inputs.Integers(2)![0] : 0;
        double share = inputs.Has(3) ? inputs.Doubles(3)![0] : 0;
        if (!(share >= 0 && share <= 1))
            throw new ModelException($"input 3 is {share}; the largest overlap is 0 to 1");
        var selected = new List<long>();
        float? least = inputs.Has(4) ? (float)inputs.Doubles(4)![0] : null;
        var (images, classes, count) = (scores.Shape[0], scores.Shape[1], scores.Shape[2]);
        for (int image = 0; image < images; image++)
        {
            BoxCorners[] corners = Corners(boxes.Span<float>().Slice(image * count * 4, count * 4));
            for (int c = 0; c < classes; c++)
                foreach (
                    int box in Kept(
                        corners,
                        scores.Span<float>().Slice((image * classes + c) * count, count),
                        least,
                        (float)share,
                        most
                    )
                )
                    selected.AddRange([image, c, box]);
        }
        return Tensor.Of(new Shape(selected.Count / 3, 3), selected.ToArray());
    }

    private static void Check(Shape boxes, Shape scores)
    {
        if (boxes.Rank != 3 || scores.Rank != 3 || !Fit(boxes[2], 4))
            throw new ModelException(
                $"boxes of shape {boxes} and scores of shape {scores}; (N, boxes, 4) and (N, classes, boxes) "
                    + "are possible"
            );
        if (!Fit(boxes[0], scores[0]) || !Fit(boxes[1], scores[2]))
            throw new ModelException($"scores of shape {scores} do not fit boxes of shape {boxes}");
    }

    private static bool Fit(int a, int b) => a == b || a == Shape.Unknown || b == Shape.Unknown;

    private static bool HasSettings(OperatorInputs inputs)
    {
        for (int i = 2; i < 5; i++)
            if (inputs.Has(i) && inputs.Constant(i) is not { Count: 1 })
                return false;
        return true;
    }

    private static List<int> Kept(BoxCorners[] boxes, ReadOnlySpan<float> scores, float? least, float share, long most)
    {
        float[] values = scores.ToArray();
        var candidates = new List<int>();
        for (int i = 0; i < values.Length; i++)
            if (least is null || values[i] > least)
                candidates.Add(i);
        candidates.Sort((a, b) => values[b].CompareTo(values[a]) is not 0 and var order ? order : a - b);
        var kept = new List<int>();
        foreach (int box in candidates)
        {
            if (kept.Count < most && !Overlaps(boxes, kept, box, share))
                kept.Add(box);
        }
        return kept;
    }

    private static bool Overlaps(BoxCorners[] boxes, List<int> kept, int box, float share)
    {
        foreach (int other in kept)
            if (boxes[other].Overlap(boxes[box]) > share)
                return true;
        return false;
    }

    private BoxCorners[] Corners(ReadOnlySpan<float> boxes)
    {
        var corners = new BoxCorners[boxes.Length / 4];
        for (int i = 0; i < corners.Length; i++)
        {
            ReadOnlySpan<float> b = boxes.Slice(4 * i, 4);
            corners[i] = IsCentred
                ? new BoxCorners(b[0] - b[2] / 2, b[1] - b[3] / 2, b[0] + b[2] / 2, b[1] + b[3] / 2)
                : new BoxCorners(
                    Math.Min(b[1], b[3]),
                    Math.Min(b[0], b[2]),
                    Math.Max(b[1], b[3]),
                    Math.Max(b[0], b[2])
                );
        }
        return corners;
    }

    /// <summary>A box by two corners.</summary>
    private readonly struct BoxCorners(float left, float top, float right, float bottom)
    {
        private readonly float left = left,
            top = top,
            right = right,
            bottom = bottom;

        private float Area => (right - left) * (bottom - top);

        /// <summary>The share of both boxes together that lies in both; 0 for boxes without area.</summary>
        public float Overlap(BoxCorners other)
        {
            float width = Math.Min(right, other.right) - Math.Max(left, other.left),
                height = Math.Min(bottom, other.bottom) - Math.Max(top, other.top);
            if (!(width > 0 && height > 0 && Area > 0 && other.Area > 0))
                return 0;
            float both = width * height,
                together = Area + other.Area - both;
            return together > 0 ? both / together : 0;
        }
    }
}
