using Decant.Core;
using Decant.Training;

namespace Decant.Techniques.Binarization;

/// <summary>Options of binarization.</summary>
/// <param name="Kind">How.</param>
/// <param name="Scale">The constant of BinaryConnect.</param>
/// <param name="Threshold">t of trained ternary: what is below t·max|W| is 0.</param>
/// <param name="Clip">Beyond which magnitude free numbers are held, which BinaryConnect needs; 0 not to.</param>
public sealed record BinarizationOptions(BinarizationKind Kind, double Scale, double Threshold, double Clip)
{
    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">An option is out of range.</exception>
    public static BinarizationOptions Read(TechniqueOptions options)
    {
        BinarizationKind kind = options.Word("kind", "binary-weights", "binary-connect", "stochastic-binary-connect", "ternary-weights", "trained-ternary") switch
        {
            "binary-connect" => BinarizationKind.BinaryConnect,
            "stochastic-binary-connect" => BinarizationKind.StochasticBinaryConnect,
            "ternary-weights" => BinarizationKind.TernaryWeights,
            "trained-ternary" => BinarizationKind.TrainedTernary,
            _ => BinarizationKind.BinaryWeights,
        };
        bool connects = kind is BinarizationKind.BinaryConnect or BinarizationKind.StochasticBinaryConnect;
        double scale = connects ? options.Number("scale", 1e-6, 1e6, 1) : 1;
        return new(kind, scale, kind == BinarizationKind.TrainedTernary ? options.Number("threshold", 0, 0.9, TernaryForm.UsualThreshold) : 0, connects ? options.Number("clip", 0, 1e6, scale) : 0);
    }
}
