using Decant.Core;
using Decant.Techniques;

namespace Decant.Tests.Techniques.Pruning;

/// <summary>Techniques planned and applied on whole networks.</summary>
internal static class Plans
{
    /// <summary>
    /// A context in which a recipe's patterns select the weights of some names; all matrices if none are given.
    /// </summary>
    public static TechniqueContext On(
        this Network network,
        Network? reference = null,
        int round = 1,
        int rounds = 1,
        params string[] weights
    ) =>
        new(
            network,
            [
                .. network.Weights.Where(w =>
                    w.IsTrainable && (weights.Length == 0 ? w.Encoding.Shape.Rank > 1 : weights.Contains(w.Name))
                ),
            ],
            round,
            rounds
        )
        {
            Reference = reference ?? network,
        };

    /// <summary>What all planned changes make of the context's network.</summary>
    public static Network Apply(this Technique technique, TechniqueContext context) =>
        technique.Plan(context).Aggregate(context.Network, (network, change) => change.Apply(network));

    /// <summary>The network after all rounds of a stage that trains nothing.</summary>
    public static Network Rounds(this Technique technique, Network network, int rounds)
    {
        Network now = network;
        for (int round = 1; round <= rounds; round++)
            now = technique.Apply(now.On(network, round, rounds));
        return now;
    }

    public static long Macs(this Network network)
    {
        NetworkShapes shapes = NetworkShapes.Of(network, batch: 1);
        return network.Nodes.Sum(shapes.Macs);
    }

    /// <summary>The extent of a weight along an axis.</summary>
    public static int Extent(this Network network, string weight, int axis = 0) =>
        network.Weights[weight].Encoding.Shape[axis];
}
