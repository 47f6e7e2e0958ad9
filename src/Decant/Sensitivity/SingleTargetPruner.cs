using System.Collections.Immutable;
using Decant.Core;
using Decant.Data;
using Decant.Pipelines;
using Decant.Techniques;
using Decant.Techniques.Pruning;

namespace Decant.Sensitivity;

/// <summary>Prunes one part of a network alone, through the technique that a recipe would use.</summary>
internal abstract class SingleTargetPruner
{
    private readonly Network network;
    private readonly SensitivityOptions options;
    private readonly Preprocessing preprocessing;
    private readonly IDataSource data;
    private readonly LearningTask task;

    /// <summary>Holds what is pruned.</summary>
    /// <exception cref="DecantException">A pattern matches nothing.</exception>
    private protected SingleTargetPruner(
        Network network,
        SensitivityOptions options,
        IDataSource data,
        Preprocessing preprocessing,
        LearningTask task
    )
    {
        (this.network, this.options, this.data) = (network, options, data);
        (this.preprocessing, this.task) = (preprocessing, task);
        Selected = WeightPatterns.Select(network, options.Weights, message => new DecantException(message));
    }

    /// <summary>What is pruned, one at a time, in the network's order.</summary>
    public abstract ImmutableArray<SensitivityTarget> Targets { get; }

    /// <summary>The weights that the patterns match.</summary>
    protected IReadOnlyList<Weight> Selected { get; }

    /// <summary>Makes what options ask for.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">What to prune, and how.</param>
    /// <param name="data">Training data that techniques may look at.</param>
    /// <param name="preprocessing">What is done to pixels.</param>
    /// <param name="task">What the network's outputs mean.</param>
    /// <exception cref="DecantException">A pattern matches nothing, or nothing can be pruned.</exception>
    public static SingleTargetPruner Of(
        Network network,
        SensitivityOptions options,
        IDataSource data,
        Preprocessing preprocessing,
        LearningTask task
    ) =>
        options.Structured
            ? new SingleGroupPruner(network, options, data, preprocessing, task)
            : new SingleWeightPruner(network, options, data, preprocessing, task);

    /// <summary>A network with one target pruned to a level of what it was at first.</summary>
    public Network Prune(Network from, SensitivityTarget target, double level, CancellationToken cancellation)
    {
        var context = new TechniqueContext(from, [.. target.Weights.Select(w => from.Weights[w])])
        {
            Seed = options.Seed,
            Data = data,
            Preprocessing = preprocessing,
            Task = task,
            Reference = network,
            Threads = options.Threads,
            Cancellation = cancellation,
        };
        foreach (PlannedChange change in Make(level).Plan(context))
            from = change.Apply(from);
        return from;
    }

    /// <summary>How much of a target a network has left.</summary>
    public abstract long Left(Network pruned, SensitivityTarget target);

    /// <summary>Whether a level leaves anything of a target.</summary>
    public static bool Leaves(SensitivityTarget target, double level) => Math.Round(target.Of * (1 - level)) >= 1;

    private Technique Make(double level) => TechniqueAt(options.Structured, options.Criterion, level);

    /// <summary>The technique that prunes a weight or group to a level.</summary>
    /// <param name="structured">Whether channels are taken out of a group.</param>
    /// <param name="criterion">What ranks; null for the technique's own.</param>
    /// <param name="level">The share that goes.</param>
    /// <exception cref="OptionsException">The level is out of range.</exception>
    public static Technique TechniqueAt(bool structured, Criterion? criterion, double level)
    {
        criterion ??= new MagnitudeCriterion();
        if (!structured)
            return new WeightPruning(new WeightPruningOptions { Level = level, Criterion = criterion });
        // A group may have layers of few channels: they keep one, where a level would leave none.
        return new StructuredPruning(
            new StructuredPruningOptions
            {
                Level = level,
                Criterion = criterion,
                Least = 1,
            }
        );
    }
}
