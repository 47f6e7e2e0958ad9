using Decant.Core;
using Decant.Techniques;

namespace Decant.Recipes;

/// <summary>A technique with its options, and the weights it is meant for.</summary>
/// <param name="Name">The name the recipe gives it.</param>
/// <param name="Patterns">Weight names; * stands for any characters, ? for one. None for every weight with two axes or more.</param>
/// <param name="Make">Makes the technique from a seed.</param>
/// <param name="Fail">Makes an error at the recipe's line.</param>
public sealed record TechniqueUse(string Name, IReadOnlyList<string> Patterns, Func<ulong, Technique> Make, Func<string, RecipeException> Fail)
{
    /// <summary>The technique, for what does not depend on the seed.</summary>
    public Technique Technique { get; } = Make(0);

    /// <summary>The weights of a network that the patterns match, in the network's order.</summary>
    /// <exception cref="RecipeException">A pattern matches nothing.</exception>
    public IReadOnlyList<Weight> Select(Network network) => WeightPatterns.Select(network, Patterns, Fail);
}
