using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Data;

/// <summary>
/// Mean average precision of boxes (COCO): over classes that targets have, and over thresholds of intersection over
/// union, the mean of the precision at 101 recalls. In an image each detection, from the highest score on, is matched
/// with the object of its class that it overlaps most and that no other has. Unlike in COCO's code, detections of equal
/// scores count together, so that the order of images does not matter, and no objects are crowds.
/// </summary>
internal sealed class BoxAveragePrecision(
    string name,
    ImmutableArray<double> thresholds,
    DetectionOutputs outputs,
    int boxes,
    int classes
) : IMetric
{
    private readonly SortedDictionary<int, int> wanted = [];
    private readonly Dictionary<int, List<(float Score, uint Matched)>> found = [];

    /// <summary>0.5, 0.55, … 0.95.</summary>
    public static ImmutableArray<double> Coco { get; } = [.. Enumerable.Range(10, 10).Select(i => i / 20.0)];

    public string Name => name;

    public string Unit => "%";

    public MetricDirection Direction => MetricDirection.HigherIsBetter;

    /// <exception cref="DataException">No image has an object.</exception>
    public double Value =>
        wanted.Count > 0
            ? wanted.Average(c => Enumerable.Range(0, thresholds.Length).Average(t => Precision(c.Key, t)))
            : throw new DataException("no image has an object; mean average precision needs one");

    public void Add(ScoredBatch batch)
    {
        double[] corners = TensorValues.Of(batch.Targets[boxes]);
        int[] labels = Integers.Of(batch.Targets[classes]);
        outputs.CheckClasses(batch, labels);
        int most = labels.Length / batch.Count;
        IReadOnlyList<IReadOnlyList<DetectedObject>> made = outputs.Read(batch);
        for (int i = 0; i < batch.Count; i++)
        {
            ILookup<int, Box> objects = Enumerable
                .Range(i * most, most)
                .Where(o => labels[o] >= 0)
                .ToLookup(o => labels[o], o => BoxAt(corners, o));
            foreach (IGrouping<int, Box> ofClass in objects)
                wanted[ofClass.Key] = wanted.GetValueOrDefault(ofClass.Key) + ofClass.Count();
            foreach (IGrouping<int, DetectedObject> ofClass in made[i].GroupBy(o => o.Class))
                Match([.. ofClass], [.. objects[ofClass.Key]]);
        }
    }

    private static Box BoxAt(double[] corners, int at) =>
        new((float)corners[4 * at], (float)corners[4 * at + 1], (float)corners[4 * at + 2], (float)corners[4 * at + 3]);

    private double Precision(int ofClass, int threshold) =>
        AveragePrecision.At101Recalls(
            found.GetValueOrDefault(ofClass, []).Select(f => (f.Score, (f.Matched >> threshold & 1) == 1)),
            wanted[ofClass]
        );

    /// <summary>Matches detections of a class in an image, the highest score first.</summary>
    private void Match(DetectedObject[] detections, Box[] objects)
    {
        if (!found.TryGetValue(detections[0].Class, out List<(float, uint)>? all))
            found[detections[0].Class] = all = [];
        var taken = new uint[objects.Length];
        foreach (DetectedObject detection in detections)
        {
            double[] overlaps = Array.ConvertAll(objects, o => Box.IntersectionOverUnion(o, detection.Box));
            uint matched = 0;
            for (int t = 0; t < thresholds.Length; t++)
                if (Largest(overlaps, taken, t) is >= 0 and var best && overlaps[best] >= thresholds[t])
                {
                    taken[best] |= 1u << t;
                    matched |= 1u << t;
                }
            all.Add((detection.Score, matched));
        }
    }

    private static int Largest(double[] overlaps, uint[] taken, int threshold)
    {
        int best = -1;
        for (int o = 0; o < overlaps.Length; o++)
            if ((taken[o] >> threshold & 1) == 0 && (best < 0 || overlaps[o] > overlaps[best]))
                best = o;
        return best;
    }
}
