using Decant.Core;

namespace Decant.Techniques.ArchitectureLearning;

/// <summary>Options of architecture learning; the λ are the paper's.</summary>
/// <param name="Lambda1">Of Σ w(1 − w), which makes widths binary.</param>
/// <param name="Lambda2">Of Σ d(1 − d), which makes depths binary.</param>
/// <param name="Lambda3">Of Σ w, which makes layers narrow.</param>
/// <param name="Lambda4">Of −Σ d, which makes layers linear.</param>
/// <param name="Target">λ3 acts on a layer only while more of its gates than this are open; null if always.</param>
/// <param name="Initial">Where w and d begin, 0 to 1.</param>
/// <param name="AddsRelu">Whether a layer that no activation follows gets a ReLU.</param>
public sealed record ArchitectureLearningOptions(
    double Lambda1, double Lambda2, double Lambda3, double Lambda4, int? Target, double Initial, bool AddsRelu)
{
    private const double Largest = 1000;

    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">One is out of range.</exception>
    public static ArchitectureLearningOptions Read(TechniqueOptions options)
    {
        double lambda1 = options.Number("lambda1", 0, Largest, 0.01);
        return new ArchitectureLearningOptions(
            lambda1,
            options.Number("lambda2", 0, Largest, lambda1),
            options.Number("lambda3", 0, Largest, 0.4 * lambda1),
            options.Number("lambda4", 0, Largest, 0.4 * lambda1),
            options.Has("target") ? options.Integer("target", 1, 1_000_000) : null,
            options.Number("initial", 0, 1, 0.5),
            options.Word("activation", "keep", "relu") == "relu");
    }
}
