using Decant.Core;

namespace Decant.Techniques.Equalization;

/// <summary>
/// Evens out the ranges of channels between layers, so that one scale does for all (Nagel, van Baalen, Blankevoort,
/// Welling: *Data-Free Quantization Through Weight Equalization and Bias Correction*, 2019, section 4.1). The network
/// computes the same.
/// </summary>
public sealed class CrossLayerEqualization : Technique
{
    private const int Sweeps = 50;
    private const double Settled = 1e-4;

    /// <inheritdoc/>
    public override string Name => "cross-layer-equalization";

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context)
    {
        EqualizedPair[] pairs = [.. EqualizedPair.Of(context.Network)];
        return pairs.Length == 0
            ? []
            :
            [
                new PlannedChange(
                    pairs[0].First,
                    $"equalize channels of {pairs.Length} pair{(pairs.Length == 1 ? "" : "s")} of "
                        + "layers from here on",
                    Even
                ),
            ];
    }

    private static Network Even(Network network)
    {
        EqualizedPair[] pairs = [.. EqualizedPair.Of(network)];
        double most = double.PositiveInfinity;
        for (int sweep = 0; sweep < Sweeps && most > Settled; sweep++)
        {
            most = 0;
            foreach (EqualizedPair pair in pairs)
            {
                (Dictionary<string, Encoding> changed, double change) = pair.Even(network);
                network = network.With(changed);
                most = Math.Max(most, change);
            }
        }
        return network;
    }
}
