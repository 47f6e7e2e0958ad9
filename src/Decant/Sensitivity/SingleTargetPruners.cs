using System.Collections.Immutable;
using Decant.Core;
using Decant.Data;
using Decant.Techniques.Groups;

namespace Decant.Sensitivity;

/// <summary>Prunes the numbers of one weight.</summary>
internal sealed class SingleWeightPruner : SingleTargetPruner
{
    public SingleWeightPruner(
        Network network,
        SensitivityOptions options,
        IDataSource data,
        Preprocessing preprocessing,
        LearningTask task
    )
        : base(network, options, data, preprocessing, task)
    {
        Targets = [.. Selected.Select(w => new SensitivityTarget(w.Name, w.Encoding.Count, [w.Name]))];
        if (Targets.Length == 0)
            throw new DecantException(
                "no layer of the network multiplies by a weight or looks one up: name the weights to prune"
            );
    }

    public override ImmutableArray<SensitivityTarget> Targets { get; }

    public override long Left(Network pruned, SensitivityTarget target) =>
        pruned.Weights[target.Name].Encoding.NonZeros;
}

/// <summary>Takes channels out of one group.</summary>
internal sealed class SingleGroupPruner : SingleTargetPruner
{
    public SingleGroupPruner(
        Network network,
        SensitivityOptions options,
        IDataSource data,
        Preprocessing preprocessing,
        LearningTask task
    )
        : base(network, options, data, preprocessing, task)
    {
        HashSet<string> meant = [.. Selected.Select(w => w.Name)];
        Targets =
        [
            .. ChannelGroups
                .Of(network)
                .Where(g => !g.IsFixed)
                .Select(g => new SensitivityTarget(g.Name, g.Count, Matrices(network, g)))
                .Where(t => t.Weights.Any(meant.Contains)),
        ];
        if (Targets.Length == 0)
            throw new DecantException(
                options.Weights.IsEmpty
                    ? "no channels of this network can be pruned"
                    : "the patterns match no weight that produces channels which can be pruned"
            );
    }

    public override ImmutableArray<SensitivityTarget> Targets { get; }

    // A layer of one channel has no group.
    public override long Left(Network pruned, SensitivityTarget target) =>
        ChannelGroups.Of(pruned).FirstOrDefault(g => g.Name == target.Name)?.Count ?? 1;

    private static ImmutableArray<string> Matrices(Network network, ChannelGroup group) =>
        [.. group.Producers.Where(w => LayerWeights.Has(network, network.Weights[w]))];
}

/// <summary>What is pruned alone: a weight, or a group of channels.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Of">How many numbers or channels it has.</param>
/// <param name="Weights">The weights by which a recipe names it.</param>
internal sealed record SensitivityTarget(string Name, long Of, ImmutableArray<string> Weights);
