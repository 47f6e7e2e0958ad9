using Decant.Core;

namespace Decant.Data;

/// <summary>What the four values of a box are.</summary>
public enum BoxFormat
{
    /// <summary>Two corners: x₁, y₁, x₂, y₂.</summary>
    Corners,

    /// <summary>The centre and the size: x, y, width, height.</summary>
    Center,
}

/// <summary>Options of <see cref="Detection"/>: how boxes are read from a network's outputs.</summary>
public sealed record DetectionOptions
{
    /// <summary>What the four values of a box are in the outputs; in targets they are corners.</summary>
    public BoxFormat Boxes { get; init; }

    /// <summary>Detections whose score is not above this are dropped.</summary>
    public double ScoreThreshold { get; init; } = 0.05;

    /// <summary>
    /// Non-maximum suppression: of boxes of one class whose intersection over union is above this, the one with the
    /// highest score is kept. Only where outputs are scores of every class for every box.
    /// </summary>
    [Share]
    public double IouThreshold { get; init; } = 0.45;

    /// <summary>The class that is no object; -1 for none. Only where outputs are scores of every class.</summary>
    [OptionRange(-1, double.MaxValue)]
    public int Background { get; init; } = -1;

    /// <summary>Detections of an image, the highest scores; the others are dropped.</summary>
    [OptionRange(1, 1_000_000)]
    public int MostDetections { get; init; } = 100;

    internal DetectionOptions Checked()
    {
        if (!(IouThreshold is >= 0 and <= 1))
            throw new OptionsException("iou-threshold", $"'iou-threshold' is {IouThreshold}; 0 to 1 would work");
        if (double.IsNaN(ScoreThreshold))
            throw new OptionsException("score-threshold", "'score-threshold' is not a number; 0.05 would work");
        return MostDetections >= 1
            ? this
            : throw new OptionsException("most-detections", $"'most-detections' is {MostDetections}; 1 would work");
    }
}
