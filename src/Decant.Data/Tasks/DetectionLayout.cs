using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Data;

/// <summary>What the outputs of a detector hold.</summary>
internal enum DetectionKind
{
    /// <summary>Boxes N×B×4, and a score for every class of every box N×B×C.</summary>
    ClassScores,

    /// <summary>Rows N×B×(5+C): a box, whether it is an object, and a score for every class (YOLOv5).</summary>
    ObjectRows,

    /// <summary>Columns N×(4+C)×B: a box, and a score for every class (YOLOv8).</summary>
    Columns,

    /// <summary>Boxes N×K×4, labels N×K and scores N×K, after non-maximum suppression; or without N.</summary>
    Labels,

    /// <summary>Rows of a box, its class and its score, after non-maximum suppression.</summary>
    Rows,
}

/// <summary>In which outputs of a network boxes, classes and scores are.</summary>
/// <param name="Kind">What the outputs hold.</param>
/// <param name="Boxes">The index of the boxes, or of the output that holds everything.</param>
/// <param name="Scores">The index of the scores; -1 if they are beside the boxes.</param>
/// <param name="Labels">The index of the classes; -1 if there is a score for every class.</param>
internal sealed record DetectionLayout(DetectionKind Kind, int Boxes, int Scores = -1, int Labels = -1)
{
    /// <summary>What outputs may be.</summary>
    public const string Known =
        "boxes N×B×4 and scores N×B×classes; or boxes N×K×4, labels N×K and scores N×K, or those of one image "
        + "without N; or rows N×K×6, N×K×7 or N×B×(5+classes); or columns N×(4+classes)×B";

    private static readonly string[] BoxWords = ["box"],
        ScoreWords = ["score", "conf", "prob"],
        LabelWords = ["label", "class"];

    /// <summary>Whether there is a score for every class of every box, which non-maximum suppression thins.</summary>
    public bool HasClassScores =>
        Kind is DetectionKind.ClassScores or DetectionKind.ObjectRows or DetectionKind.Columns;

    /// <summary>The layout of a network's outputs; null if it is none of those known.</summary>
    public static DetectionLayout? Of(Network network)
    {
        ImmutableArray<ValueInfo> outputs = network.Outputs;
        int boxes = Find(outputs, BoxWords, o => Floats(o, 2, 3) is { } s && s[-1] == 4);
        if (boxes < 0)
            return OfOneOutput(outputs);
        Shape box = outputs[boxes].Type.Shape!.Value;
        int labels = Find(outputs, LabelWords, o =>
            IsBeside(o, box, box.Rank - 1) && (o.Type.Type.IsInteger() || IsCalled(o, LabelWords))
        );
        int scores = Find(outputs, ScoreWords, o =>
            o != outputs[boxes] && Floats(o, 2, 3) is not null && IsBeside(o, box, box.Rank)
        );
        int score = Find(outputs, ScoreWords, o =>
            (labels < 0 || o != outputs[labels]) && Floats(o, 1, 2) is not null && IsBeside(o, box, box.Rank - 1)
        );
        return labels >= 0 && score >= 0 ? new(DetectionKind.Labels, boxes, score, labels)
            : scores >= 0 ? new(DetectionKind.ClassScores, boxes, scores)
            : null;
    }

    /// <summary>Whether outputs are those of one image, without an axis that counts images.</summary>
    public bool IsOfOneImage(Network network) =>
        network.Outputs[Boxes].Type.Shape is { Rank: 2 } shape && (Kind != DetectionKind.Rows || shape[1] != 7);

    private static DetectionLayout? OfOneOutput(ImmutableArray<ValueInfo> outputs)
    {
        if (Find(outputs, [], IsOfRows) is >= 0 and var rows)
            return new(DetectionKind.Rows, rows);
        int whole = Find(outputs, [], o => Floats(o, 3, 3) is { } s && (s[1] >= 5 || s[2] >= 5));
        if (whole < 0)
            return null;
        Shape shape = outputs[whole].Type.Shape!.Value;
        // There are more boxes than values of a box.
        bool isOfColumns = shape[2] == Shape.Unknown || (shape[1] != Shape.Unknown && shape[1] < shape[2]);
        return isOfColumns && shape[1] >= 5 ? new(DetectionKind.Columns, whole)
            : !isOfColumns && shape[2] >= 6 ? new(DetectionKind.ObjectRows, whole)
            : null;
    }

    private static int Find(ImmutableArray<ValueInfo> outputs, string[] words, Func<ValueInfo, bool> fits)
    {
        ValueInfo[] fitting = [.. outputs.Where(fits)];
        return outputs.IndexOf((fitting.FirstOrDefault(o => IsCalled(o, words)) ?? fitting.FirstOrDefault())!);
    }

    private static bool IsCalled(ValueInfo output, string[] words) =>
        words.Any(w => output.Name.Contains(w, StringComparison.OrdinalIgnoreCase));

    private static bool IsOfRows(ValueInfo output) =>
        Floats(output, 2, 4) is { } shape
        && (shape.Rank < 4 ? shape[-1] is 6 or 7 : shape[0] == 1 && shape[1] == 1 && shape[3] == 7);

    private static Shape? Floats(ValueInfo output, int least, int most) =>
        output.Type is { Shape: { } shape } && output.Type.Type.IsScored() && shape.Rank >= least && shape.Rank <= most
            ? shape
            : null;

    /// <summary>Whether an output has an element or a row for every box.</summary>
    private static bool IsBeside(ValueInfo output, Shape boxes, int rank) =>
        output.Type.Shape is { } shape
        && shape.Rank == rank
        && Enumerable
            .Range(0, boxes.Rank - 1)
            .All(a => shape[a] == boxes[a] || shape[a] == Shape.Unknown || boxes[a] == Shape.Unknown);
}
