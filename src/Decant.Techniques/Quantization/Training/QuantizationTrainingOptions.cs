using Decant.Core;

namespace Decant.Techniques.Quantization;

/// <summary>Options of quantization-aware training.</summary>
/// <param name="Weights">The weights' grids, of those that have none yet.</param>
/// <param name="From">Bits in a stage's first round, from which they fall to those of the grids in its last; null where they stay.</param>
/// <param name="LearnsScales">Whether weights' scales are learned.</param>
/// <param name="LearnsClips">Whether the scales of activations, and with them their clips, are learned.</param>
/// <param name="Squashes">Whether weights pass tanh before they are rounded, as in DoReFa-Net, on a grid without zero.</param>
public sealed record QuantizationTrainingOptions(WeightQuantizationOptions Weights, int? From, bool LearnsScales, bool LearnsClips, bool Squashes)
{
    private static readonly string[] OfGrids = ["scheme", "per", "range", "scales"];

    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">An option is out of range.</exception>
    public static QuantizationTrainingOptions Read(TechniqueOptions options)
    {
        bool squashes = options.Word("transform", "none", "tanh") == "tanh";
        if (squashes && OfGrids.FirstOrDefault(options.Has) is { } useless)
            throw options.Error(useless, $"'{useless}' has no effect with 'transform: tanh', whose grid is given by the largest weight; leave one of the two out");
        WeightQuantizationOptions weights = WeightQuantizationOptions.Read(options);
        int most = squashes ? LinearGrid.MostBits - 1 : LinearGrid.MostBits;
        if (weights.Bits > most) throw options.Error("bits", $"'transform: tanh' takes {LinearGrid.LeastBits} to {most} bits");
        return new(
            weights,
            options.Has("from") ? options.Integer("from", weights.Bits, most) : null,
            options.Word("scales", "learned", "fixed") == "learned",
            options.Word("clips", "learned", "fixed") == "learned",
            squashes);
    }

    /// <summary>The weights' grids in a round of a stage.</summary>
    internal WeightQuantizationOptions WeightsIn(int round, int rounds) =>
        From is { } from && rounds > 1 ? Weights with { Bits = (int)Math.Round(from + (Weights.Bits - from) * (round - 1.0) / (rounds - 1)) } : Weights;
}
