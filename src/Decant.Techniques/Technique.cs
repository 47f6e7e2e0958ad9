using Decant.Core;

namespace Decant.Techniques;

/// <summary>
/// One way to compress, with its options. It plans first, says what it will do to which weight and why, and changes nothing until
/// a planned change is applied.
/// </summary>
public abstract class Technique
{
    /// <summary>The name that recipes call it by.</summary>
    public abstract string Name { get; }

    /// <summary>Says what will be done to each weight.</summary>
    /// <param name="weights">The weights that the recipe selects, in the network's order.</param>
    /// <param name="progress">How far along its schedule the technique is: above 0, and 1 at the end.</param>
    /// <returns>One change a weight; a weight that stays as it is has none.</returns>
    /// <exception cref="ModelException">A weight cannot be treated; it is named.</exception>
    public abstract IReadOnlyList<PlannedChange> Plan(IReadOnlyList<Weight> weights, double progress);
}
