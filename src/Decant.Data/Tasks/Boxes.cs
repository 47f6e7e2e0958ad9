namespace Decant.Data;

/// <summary>A rectangle whose sides are parallel to the axes.</summary>
internal readonly record struct Box(float Left, float Top, float Right, float Bottom)
{
    public double Area => Math.Max(0, (double)Right - Left) * Math.Max(0, (double)Bottom - Top);

    /// <summary>A box of four values.</summary>
    public static Box Of(ReadOnlySpan<float> values, BoxFormat format) =>
        format == BoxFormat.Corners
            ? new(values[0], values[1], values[2], values[3])
            : new(
                values[0] - values[2] / 2,
                values[1] - values[3] / 2,
                values[0] + values[2] / 2,
                values[1] + values[3] / 2
            );

    /// <summary>The area that two boxes have in common, over the area of both; 0 where they have none.</summary>
    public static double IntersectionOverUnion(Box a, Box b)
    {
        double both = new Box(
            Math.Max(a.Left, b.Left),
            Math.Max(a.Top, b.Top),
            Math.Min(a.Right, b.Right),
            Math.Min(a.Bottom, b.Bottom)
        ).Area;
        double either = a.Area + b.Area - both;
        return either > 0 ? both / either : 0;
    }
}

/// <summary>An object that a network found in an image.</summary>
/// <param name="Box">Where it is.</param>
/// <param name="Class">What it is.</param>
/// <param name="Score">How sure that is.</param>
internal readonly record struct DetectedObject(Box Box, int Class, float Score);

/// <summary>Non-maximum suppression.</summary>
internal static class NonMaximumSuppression
{
    /// <summary>
    /// The objects that are kept, from the highest score on: each drops those of its class that it overlaps and that
    /// have a lower score, or come later with the same.
    /// </summary>
    /// <param name="objects">What was found in one image.</param>
    /// <param name="threshold">The intersection over union above which two are one.</param>
    public static List<DetectedObject> Kept(IEnumerable<DetectedObject> objects, double threshold)
    {
        var kept = new List<DetectedObject>();
        var ofClass = new Dictionary<int, List<Box>>();
        foreach (DetectedObject o in objects.OrderByDescending(o => o.Score))
        {
            if (!ofClass.TryGetValue(o.Class, out List<Box>? boxes))
                ofClass[o.Class] = boxes = [];
            if (boxes.Any(b => Box.IntersectionOverUnion(b, o.Box) > threshold))
                continue;
            boxes.Add(o.Box);
            kept.Add(o);
        }
        return kept;
    }
}
