using Decant.Core;
using Decant.Training;

namespace Decant.Techniques.Supermask;

/// <summary>Gives selected weights a mask that learns, and holds all others still.</summary>
internal sealed class SupermaskHook(TechniqueContext context, SupermaskOptions options) : TrainingHook
{
    private readonly HashSet<string> selected = [.. context.Weights.Select(w => w.Name)];

    /// <summary>What weights are multiplied by in this step.</summary>
    public double Factor { get; private set; } = 1;

    /// <inheritdoc/>
    public override WeightForm? Form(Weight weight) => selected.Contains(weight.Name)
        ? new SupermaskForm(weight, options, Rng.For(context.Seed, "supermask", weight.Name), () => Factor)
        : new FrozenForm(weight.Encoding);

    /// <inheritdoc/>
    public override void BeforeStep(TrainingNetwork network, long step, long steps)
    {
        if (options.Values == SupermaskValues.Shared)
            Factor = Rng.For(context.Seed, "shared", step).NextDouble(options.Low, options.High);
    }
}
