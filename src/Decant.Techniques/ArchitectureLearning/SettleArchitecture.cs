using Decant.Core;

namespace Decant.Techniques.ArchitectureLearning;

/// <summary>
/// Makes the network that <see cref="LearnedArchitecture"/> learnt: widths and depths are rounded at 0.5, channels
/// whose width is 0 go, a layer whose depth is 1 is linear and becomes one with the next where that is smaller. What
/// remains is an ordinary network.
/// </summary>
public sealed class SettleArchitecture : Technique
{
    /// <summary>From here on a width or a depth counts as 1 (equation 4 of the paper).</summary>
    internal const float Threshold = 0.5f;

    /// <inheritdoc/>
    public override string Name => "settle-architecture";

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context)
    {
        IReadOnlyList<Gate> gates = Gate.In(context.Network, context.Weights);
        return [.. gates.Select(g => Plan(context.Network, g))];
    }

    private static PlannedChange Plan(Network network, Gate gate)
    {
        bool[] open = Rounded(network, gate.Width);
        bool linear = gate.Depth is { } depth && Rounded(network, depth)[0];
        int kept = open.Count(o => o);
        if (kept == 0)
            throw new ModelException(
                $"every width of layer '{gate.Layer.Name}' was learnt to be 0; give "
                    + "'architecture-learning' a 'target' or a smaller 'lambda3'"
            );
        return new PlannedChange(
            gate.Layer.Name,
            $"keep {kept:N0} of {open.Length:N0} channels{(linear ? ", linear" : "")}",
            n => Settle(n, gate, open, linear)
        );
    }

    private static Network Settle(Network network, Gate gate, bool[] open, bool linear)
    {
        string weight = gate.Layer.Inputs[1];
        network = gate.Remove(network, linear);
        var groups = ChannelGroups.Of(network);
        string group = groups.First(g => g.Producers.Contains(weight, StringComparer.Ordinal)).Name;
        network = Thinning.Keep(groups, new Dictionary<string, bool[]>(StringComparer.Ordinal) { [group] = open });
        return linear ? LinearMerge.Merge(network, weight) : network;
    }

    private static bool[] Rounded(Network network, string weight) =>
        Array.ConvertAll(network.Weights[weight].Encoding.Decode().Array<float>(), v => v >= Threshold);
}
