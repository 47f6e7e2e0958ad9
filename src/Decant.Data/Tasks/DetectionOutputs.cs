using Decant.Core;

namespace Decant.Data;

/// <summary>Reads what a network found in each image of a batch from its outputs.</summary>
/// <param name="layout">In which outputs it is.</param>
/// <param name="options">How it is read.</param>
internal sealed class DetectionOutputs(DetectionLayout layout, DetectionOptions options)
{
    // Several metrics read one batch.
    private ScoredBatch? last;
    private List<DetectedObject>[] read = [];

    /// <summary>The objects in each image, from the highest score on.</summary>
    public IReadOnlyList<IReadOnlyList<DetectedObject>> Read(ScoredBatch batch)
    {
        if (ReferenceEquals(batch, last))
            return read;
        List<DetectedObject>[] found = layout.Kind switch
        {
            DetectionKind.ClassScores => OfClassScores(batch),
            DetectionKind.ObjectRows => OfObjectRows(batch),
            DetectionKind.Columns => OfColumns(batch),
            DetectionKind.Labels => OfLabels(batch),
            _ => OfRows(batch),
        };
        read = Array.ConvertAll(found, Best);
        last = batch;
        return read;
    }

    /// <summary>Refuses classes of targets that outputs cannot name.</summary>
    /// <exception cref="DataException">One is the background, or has no score.</exception>
    public void CheckClasses(ScoredBatch batch, int[] classes)
    {
        if (!layout.HasClassScores)
            return;
        int known = ClassesOf(batch);
        foreach (int c in classes)
            if (c >= known || (c >= 0 && c == options.Background))
                throw new DataException(
                    $"a target of detection has class {c}, which is "
                        + (c >= known ? $"outside 0..{known - 1}, the classes of the outputs" : "the background")
                        + "; classes of targets are counted as the outputs count them"
                );
    }

    private List<DetectedObject> Best(List<DetectedObject> found)
    {
        IEnumerable<DetectedObject> kept = layout.HasClassScores
            ? NonMaximumSuppression.Kept(found, options.IouThreshold)
            : found.OrderByDescending(o => o.Score);
        return [.. kept.Take(options.MostDetections)];
    }

    private int ClassesOf(ScoredBatch batch) =>
        layout.Kind switch
        {
            DetectionKind.ClassScores => batch.Outputs[layout.Scores].Shape[-1],
            DetectionKind.ObjectRows => batch.Outputs[layout.Boxes].Shape[2] - 5,
            _ => batch.Outputs[layout.Boxes].Shape[1] - 4,
        };

    private List<DetectedObject>[] OfClassScores(ScoredBatch batch)
    {
        int classes = ClassesOf(batch);
        (float[] boxes, float[] scores, int count) = BoxesAndScores(batch, classes);
        return OfImages(batch.Count, i =>
        {
            var found = new List<DetectedObject>();
            for (int b = i * count; b < (i + 1) * count; b++)
                AddClasses(found, boxes.AsSpan(4 * b, 4), scores.AsSpan(b * classes, classes), 1);
            return found;
        });
    }

    private List<DetectedObject>[] OfObjectRows(ScoredBatch batch)
    {
        Tensor rows = batch.Outputs[layout.Boxes];
        (float[] values, int count, int width) = (rows.Array<float>(), rows.Shape[1], rows.Shape[2]);
        return OfImages(batch.Count, i =>
        {
            var found = new List<DetectedObject>();
            for (int b = i * count; b < (i + 1) * count; b++)
            {
                ReadOnlySpan<float> row = values.AsSpan(b * width, width);
                AddClasses(found, row, row[5..], row[4]);
            }
            return found;
        });
    }

    private List<DetectedObject>[] OfColumns(ScoredBatch batch)
    {
        Tensor columns = batch.Outputs[layout.Boxes];
        (float[] values, int width, int count) = (columns.Array<float>(), columns.Shape[1], columns.Shape[2]);
        return OfImages(batch.Count, i =>
        {
            var found = new List<DetectedObject>();
            var column = new float[width];
            for (int b = 0; b < count; b++)
            {
                for (int v = 0; v < width; v++)
                    column[v] = values[(i * width + v) * count + b];
                AddClasses(found, column, column.AsSpan(4), 1);
            }
            return found;
        });
    }

    private void AddClasses(
        List<DetectedObject> found,
        ReadOnlySpan<float> box,
        ReadOnlySpan<float> scores,
        float objectness
    )
    {
        for (int c = 0; c < scores.Length; c++)
            if (c != options.Background)
                Add(found, box, c, objectness * scores[c]);
    }

    private List<DetectedObject>[] OfLabels(ScoredBatch batch)
    {
        (float[] boxes, float[] scores, int count) = BoxesAndScores(batch, 1);
        double[] labels = TensorValues.Of(batch.Outputs[layout.Labels]);
        return OfImages(batch.Count, i =>
        {
            var found = new List<DetectedObject>();
            for (int b = i * count; b < (i + 1) * count; b++)
                Add(found, boxes.AsSpan(4 * b, 4), (int)labels[b], scores[b]);
            return found;
        });
    }

    private List<DetectedObject>[] OfRows(ScoredBatch batch)
    {
        Tensor rows = batch.Outputs[layout.Boxes];
        int width = rows.Shape[-1],
            count = rows.Shape[-2];
        List<DetectedObject>[] found = OfImages(batch.Count, _ => []);
        for (int r = 0; r < rows.Count / width; r++)
        {
            ReadOnlySpan<float> row = rows.Span<float>().Slice(r * width, width);
            float image = width == 7 && rows.Shape.Rank != 3 ? row[0] : r / count;
            if (!(image >= 0 && image < batch.Count))
                continue;
            List<DetectedObject> objects = found[(int)image];
            if (width == 6)
                Add(objects, row, (int)row[5], row[4]);
            else if (rows.Shape.Rank == 3)
                Add(objects, row, (int)row[6], row[4] * row[5]);
            else if (rows.Shape.Rank == 2)
                Add(objects, row[1..], (int)row[5], row[6]);
            else
                Add(objects, row[3..], (int)row[1], row[2]);
        }
        return found;
    }

    private void Add(List<DetectedObject> found, ReadOnlySpan<float> box, int label, float score)
    {
        if (score > options.ScoreThreshold)
            found.Add(new(Box.Of(box, options.Boxes), label, score));
    }

    private static List<DetectedObject>[] OfImages(int count, Func<int, List<DetectedObject>> read) =>
        [.. Enumerable.Range(0, count).Select(read)];

    /// <summary>All boxes and their scores, and how many boxes an image has.</summary>
    /// <exception cref="DataException">There are not as many scores as boxes.</exception>
    private (float[] Boxes, float[] Scores, int Count) BoxesAndScores(ScoredBatch batch, int classes)
    {
        Tensor boxes = batch.Outputs[layout.Boxes],
            scores = batch.Outputs[layout.Scores];
        return (long)boxes.Count / 4 * classes == scores.Count
            ? (boxes.Array<float>(), scores.Array<float>(), boxes.Shape[-2])
            : throw new DataException(
                $"boxes have shape {boxes.Shape}, and their scores {scores.Shape}; detection needs a row of scores for "
                    + "each box"
            );
    }
}
