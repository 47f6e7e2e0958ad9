using Decant.Core;
using Decant.Recipes;
using Decant.Techniques;

namespace Decant.Runs;

/// <summary>One round of one stage: the smallest piece of a run that is saved as a network of its own.</summary>
internal sealed record RunUnit(int Index, RecipeStage Stage, int Round)
{
    public bool EndsStage => Round == Stage.Rounds;

    /// <summary>All rounds of a recipe, in order.</summary>
    public static IReadOnlyList<RunUnit> Of(Recipe recipe) =>
        [.. recipe.Stages.SelectMany(s => Enumerable.Range(1, s.Rounds).Select(r => (s, r))).Select((p, i) => new RunUnit(i, p.s, p.r))];

    /// <summary>What this round's techniques will do, and the network they make.</summary>
    public (IReadOnlyList<PlannedChange> Changes, Network Network) Apply(Network network, ulong seed)
    {
        var changes = new List<PlannedChange>();
        foreach (TechniqueUse use in Stage.Uses)
        {
            IReadOnlyList<PlannedChange> planned = use.Make(seed).Plan(use.Select(network), (double)Round / Stage.Rounds);
            network = network.With(planned.ToDictionary(c => c.Weight, c => c.Apply()));
            changes.AddRange(planned);
        }
        return (changes, network);
    }
}
