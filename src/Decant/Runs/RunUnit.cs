using Decant.Core;
using Decant.Pipelines;
using Decant.Techniques;
using Decant.Techniques.Statistics;
using Decant.Training;

namespace Decant.Runs;

/// <summary>One round of one stage: the smallest piece of a run that is saved as a network of its own.</summary>
internal sealed record RunUnit(int Index, PipelineStage Stage, int Round)
{
    public bool EndsStage => Round == Stage.Rounds;

    /// <summary>All rounds of a recipe, in order.</summary>
    public static IReadOnlyList<RunUnit> Of(Pipeline recipe) =>
        [
            .. recipe
                .Stages.SelectMany(s => Enumerable.Range(1, s.Rounds).Select(r => (s, r)))
                .Select((p, i) => new RunUnit(i, p.s, p.r)),
        ];

    /// <summary>The network that this round's techniques make; each change is told before it is made.</summary>
    public Network Apply(Network network, RunSetting setting, Action<PlannedChange> planned)
    {
        var statistics = new RoundStatistics(this, setting);
        for (int use = 0; use < Stage.Uses.Count; use++)
            network = Apply(use, network, setting, statistics, planned);
        return network;
    }

    /// <summary>The network that one of the techniques makes.</summary>
    /// <param name="use">Which, in the stage's order.</param>
    /// <param name="network">The network.</param>
    /// <param name="setting">What techniques may look at.</param>
    /// <param name="statistics">What was collected for the round's techniques.</param>
    /// <param name="planned">Told of each change before any is made.</param>
    public Network Apply(
        int use,
        Network network,
        RunSetting setting,
        RoundStatistics statistics,
        Action<PlannedChange> planned
    )
    {
        Technique technique = Stage.Uses[use].Technique;
        IReadOnlyList<PlannedChange> changes = technique.Plan(
            Context(use, network, setting) with
            {
                Collected = statistics.For(use, network),
            }
        );
        foreach (PlannedChange change in changes)
            planned(change);
        foreach (PlannedChange change in changes)
            network = change.Apply(network);
        if (changes.Count > 0 && !technique.KeepsStatistics)
            statistics.Forget();
        return network;
    }

    /// <summary>What one of the techniques adds to the round's training; null for nothing.</summary>
    public TrainingHook? HookOf(int use, Network network, RunSetting setting) =>
        Stage.Uses[use].Technique.During(Context(use, network, setting));

    /// <summary>What a technique of this round plans on.</summary>
    public TechniqueContext Context(int use, Network network, RunSetting setting) =>
        new(network, Stage.Uses[use].Select(network), Round, Stage.Rounds)
        {
            Trains = Stage.Training is { Epochs: > 0 },
            Seed = setting.Seed,
            Data = setting.Data,
            Preprocessing = setting.Preprocessing,
            Task = setting.Task,
            Statistics = setting.Statistics,
            Parameters = setting.Parameters,
            Threads = setting.Threads,
            Cancellation = setting.Cancellation,
            Reference = Stage.Uses[use].Technique.NeedsReference ? setting.Reference : null,
            Teacher = Stage.Uses[use].Technique.NeedsTeacher ? setting.Teacher : null,
        };
}

/// <summary>
/// The statistics of a round's techniques: collected together before the first of them that needs any, and again only
/// when a technique has changed more than rounding does.
/// </summary>
internal sealed class RoundStatistics(RunUnit unit, RunSetting setting)
{
    private CollectedStatistics? collected;

    /// <summary>What a technique finds collected; null where it needs nothing.</summary>
    /// <param name="use">Which technique, in the stage's order.</param>
    /// <param name="network">The network that it plans on.</param>
    public CollectedStatistics? For(int use, Network network)
    {
        if (setting.Data is not { } data)
            return null;
        IReadOnlyList<StatisticsRequest> needs = NeedsOf(use, network);
        if (needs.Count == 0 || (collected is not null && needs.All(collected.Has)))
            return needs.Count == 0 ? null : collected;
        IEnumerable<StatisticsRequest> later = Enumerable
            .Range(use + 1, unit.Stage.Uses.Count - use - 1)
            .TakeWhile(u => unit.Stage.Uses[u - 1].Technique.KeepsStatistics)
            .SelectMany(u => NeedsOf(u, network));
        return collected = CollectedStatistics.Collect(
            network,
            needs.Concat(later),
            data,
            setting.Preprocessing,
            setting.Seed,
            setting.Threads,
            cancellation: setting.Cancellation
        );
    }

    /// <summary>The network has changed.</summary>
    public void Forget() => collected = null;

    private IReadOnlyList<StatisticsRequest> NeedsOf(int use, Network network) =>
        unit.Stage.Uses[use].Technique.Needs(unit.Context(use, network, setting));
}
