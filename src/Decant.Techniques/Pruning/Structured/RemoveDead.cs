using Decant.Core;

namespace Decant.Techniques.Pruning;

/// <summary>Takes channels out that say nothing: those of a constant value, which goes into the next bias, and those that nobody reads.</summary>
public sealed class RemoveDead : Technique
{
    /// <inheritdoc/>
    public override string Name => "remove-dead";

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context) =>
        [.. ConstantChannels.Remove(context.Network).Removed.Select(r => new PlannedChange(
            r.Group, $"remove {r.Count} {r.Why} channels", network => ConstantChannels.Remove(network).Network))];
}
