using Decant.Core;
using Decant.Techniques.Groups;

namespace Decant.Techniques.Pruning.HardConcrete;

/// <summary>Options of L0 regularization.</summary>
/// <param name="Strength">λ, the factor of the expected count of numbers in the loss.</param>
/// <param name="Over">What shares a gate; null for each number its own.</param>
/// <param name="DropRate">How likely a gate is closed at first, as the paper sets log α.</param>
public sealed record L0Options(double Strength, GroupKind? Over, double DropRate)
{
    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">An option is out of range.</exception>
    public static L0Options Read(TechniqueOptions options) => new(
        options.Number("strength", 0, 1e6),
        options.Word("over", "weight", "neuron", "channel", "filter") switch
        {
            "neuron" or "filter" => GroupKind.Neuron,
            "channel" => GroupKind.Channel,
            _ => null,
        },
        options.Number("drop-rate", 0.001, 0.999, 0.1));
}
