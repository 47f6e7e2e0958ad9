using Decant.Core;
using Decant.Training;

namespace Decant.Techniques;

/// <summary>
/// One way to compress, with its options. It plans first, says what it will do to which weight and why, and changes nothing until
/// a planned change is applied. It may also take part in the training that follows.
/// </summary>
public abstract class Technique
{
    /// <summary>The name that recipes call it by.</summary>
    public abstract string Name { get; }

    /// <summary>Whether planning looks at training images.</summary>
    public virtual bool NeedsData => false;

    /// <summary>Whether it has an effect only on the training of its stage, which then must have epochs.</summary>
    public virtual bool NeedsTraining => false;

    /// <summary>Whether it looks at the network that the run began with.</summary>
    public virtual bool NeedsReference => false;

    /// <summary>Whether it learns from another network, which the run must be given.</summary>
    public virtual bool NeedsTeacher => false;

    /// <summary>Says what will be done before the round trains.</summary>
    /// <param name="context">What to plan on.</param>
    /// <returns>The changes; a weight that stays as it is has none.</returns>
    /// <exception cref="DecantException">A weight or layer cannot be treated; it is named.</exception>
    public virtual IReadOnlyList<PlannedChange> Plan(TechniqueContext context) => [];

    /// <summary>What takes part in the training of the round: a regularizer, weights' forms, a schedule. Null for nothing.</summary>
    /// <param name="context">As for <see cref="Plan"/>, but with the network that is trained.</param>
    public virtual TrainingHook? During(TechniqueContext context) => null;
}
