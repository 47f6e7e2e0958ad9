using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Data;

/// <summary>In which outputs of a network boxes, classes and scores are.</summary>
/// <param name="Boxes">The index of the boxes, or of the rows that hold everything.</param>
/// <param name="Scores">The index of the scores; -1 for rows.</param>
/// <param name="Labels">The index of the classes; -1 for rows, and where there is a score for every class.</param>
internal sealed record DetectionLayout(int Boxes, int Scores, int Labels)
{
    /// <summary>What outputs may be.</summary>
    public const string Known =
        "boxes N×B×4 and scores N×B×classes; or boxes N×K×4, labels N×K and scores N×K, or those of one image without "
        + "N; or rows N×K×6 or N×K×7";

    private static readonly string[] BoxWords = ["box"],
        ScoreWords = ["score", "conf", "prob"],
        LabelWords = ["label", "class"];

    /// <summary>Whether an output holds rows of a box, its class and its score.</summary>
    public bool IsRows => Scores < 0;

    /// <summary>Whether there is a score for every class of every box, which non-maximum suppression thins.</summary>
    public bool HasClassScores => Scores >= 0 && Labels < 0;

    /// <summary>The layout of a network's outputs; null if it is none of those known.</summary>
    public static DetectionLayout? Of(Network network)
    {
        ImmutableArray<ValueInfo> outputs = network.Outputs;
        int boxes = Find(outputs, BoxWords, o => Floats(o, 2, 3) is { } s && s[-1] == 4);
        if (boxes < 0)
            return Find(outputs, [], IsOfRows) is >= 0 and var rows ? new(rows, -1, -1) : null;
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
        return labels >= 0 && score >= 0 ? new(boxes, score, labels)
            : scores >= 0 ? new(boxes, scores, -1)
            : null;
    }

    /// <summary>Whether outputs are those of one image, without an axis that counts images.</summary>
    public bool IsOfOneImage(Network network) =>
        network.Outputs[Boxes].Type.Shape is { Rank: 2 } shape && (!IsRows || shape[1] != 7);

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
