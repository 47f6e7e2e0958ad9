using Decant.Core;

namespace Decant.Techniques.Pruning;

/// <summary>How much of a network structured pruning leaves.</summary>
/// <param name="Of">What is counted.</param>
/// <param name="Left">The share that remains at the end, 0 to 1, of what the run began with.</param>
public sealed record CutBudget(CutMeasure Of, double Left)
{
    /// <summary>Reads exactly one of 'level', 'macs' and 'parameters'.</summary>
    /// <exception cref="DecantException">None or several are given, or one is out of range.</exception>
    public static CutBudget Read(TechniqueOptions options)
    {
        CutBudget?[] given =
        [
            options.Has("level") ? new(CutMeasure.Channels, 1 - options.Number("level", 0, 0.99999)) : null,
            options.Has("macs") ? new(CutMeasure.Macs, options.Number("macs", 0.00001, 1)) : null,
            options.Has("parameters") ? new(CutMeasure.Parameters, options.Number("parameters", 0.00001, 1)) : null,
        ];
        CutBudget[] budgets = [.. given.OfType<CutBudget>()];
        return budgets.Length == 1
            ? budgets[0]
            : throw options.Error(
                null,
                "needs exactly one of 'level' (the share of channels that goes), 'macs' and 'parameters' "
                    + "(the share of the network that stays)"
            );
    }

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
public enum CutMeasure
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
        NetworkShapes shapes = NetworkShapes.Of(network, batch: 1);
        return network.Nodes.Sum(shapes.Macs);
    }

    /// <summary>Trainable numbers.</summary>
    public static long Parameters(Network network) =>
        network.Weights.Where(w => w.IsTrainable).Sum(w => (long)w.Encoding.Count);
}
