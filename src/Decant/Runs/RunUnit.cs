using Decant.Core;
using Decant.Recipes;
using Decant.Techniques;
using Decant.Training;

namespace Decant.Runs;

/// <summary>One round of one stage: the smallest piece of a run that is saved as a network of its own.</summary>
internal sealed record RunUnit(int Index, RecipeStage Stage, int Round)
{
    public bool EndsStage => Round == Stage.Rounds;

    /// <summary>All rounds of a recipe, in order.</summary>
    public static IReadOnlyList<RunUnit> Of(Recipe recipe) =>
        [
            .. recipe
                .Stages.SelectMany(s => Enumerable.Range(1, s.Rounds).Select(r => (s, r)))
                .Select((p, i) => new RunUnit(i, p.s, p.r)),
        ];

    /// <summary>The network that this round's techniques make; each change is told before it is made.</summary>
    public Network Apply(Network network, RunSetting setting, Action<PlannedChange> planned)
    {
        for (int use = 0; use < Stage.Uses.Count; use++)
            network = Apply(use, network, setting, planned);
        return network;
    }

    /// <summary>The network that one of the techniques makes.</summary>
    /// <param name="use">Which, in the stage's order.</param>
    /// <param name="network">The network.</param>
    /// <param name="setting">What techniques may look at.</param>
    /// <param name="planned">Told of each change before any is made.</param>
    public Network Apply(int use, Network network, RunSetting setting, Action<PlannedChange> planned)
    {
        IReadOnlyList<PlannedChange> changes = Stage.Uses[use].Make(setting.Seed).Plan(Context(use, network, setting));
        foreach (PlannedChange change in changes)
            planned(change);
        foreach (PlannedChange change in changes)
            network = change.Apply(network);
        return network;
    }

    /// <summary>What one of the techniques adds to the round's training; null for nothing.</summary>
    public TrainingHook? HookOf(int use, Network network, RunSetting setting) =>
        Stage.Uses[use].Make(setting.Seed).During(Context(use, network, setting));

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
            Reference = Stage.Uses[use].Technique.NeedsReference ? setting.Reference : null,
            Teacher = Stage.Uses[use].Technique.NeedsTeacher ? setting.Teacher : null,
        };
}
