using Decant.Core;

namespace Decant.Techniques.Pruning;

/// <summary>How much of a network structured pruning leaves.</summary>
/// <param name="Of">What is counted.</param>
/// <param name="Left">The share that remains at the end, 0 to 1, of what the run began with.</param>
internal sealed record CutBudget(CutMeasure Of, double Left)
{
    /// <summary>The share that remains at a point of the schedule.</summary>
    public double At(Ramp ramp, double progress) => 1 - new RampSchedule(ramp, 1 - Left, 1).At(progress);

    /// <inheritdoc/>
    public override string ToString() =>
        Of switch
        {
            CutMeasure.Channels => $"level {1 - Left:0.####}",
            CutMeasure.Macs => $"macs {Left:0.####}",
            _ => $"parameters {Left:0.####}",
        };
}

/// <summary>What a budget of structured pruning counts.</summary>
internal enum CutMeasure
{
    /// <summary>Channels of the groups that may be cut.</summary>
    Channels,

    /// <summary>Multiply-accumulates of the whole network for one image.</summary>
    Macs,

    /// <summary>Trainable numbers of the whole network.</summary>
    Parameters,
}

/// <summary>What a network costs.</summary>
internal static class NetworkCost
{
    /// <summary>Counts a network for one image.</summary>
    public static long Of(Network network, CutMeasure measure) =>
        measure == CutMeasure.Parameters ? Parameters(network) : Macs(network);

    /// <summary>Multiply-accumulates for one image.</summary>
    public static long Macs(Network network)
    {
        NetworkShapes shapes = NetworkShapes.OfOneExample(network);
        return network.Nodes.Sum(shapes.Macs);
    }

    /// <summary>Trainable numbers.</summary>
    public static long Parameters(Network network) =>
        network.Weights.Where(w => w.IsTrainable).Sum(w => (long)w.Encoding.Count);
}
