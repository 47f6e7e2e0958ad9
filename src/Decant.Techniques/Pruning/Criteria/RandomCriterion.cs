using Decant.Core;

namespace Decant.Techniques.Pruning;

/// <summary>A uniform number from the seed and the weight's or unit's name: what any other criterion must beat. A number that is zero scores zero.</summary>
internal sealed class RandomCriterion : Criterion
{
    /// <inheritdoc/>
    public override string Name => "random";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, float[]> Score(TechniqueContext context) =>
        context.Weights.ToDictionary(w => w.Name, w => Of(w, Rng.For(context.Seed, "random-criterion", w.Name)));

    /// <inheritdoc/>
    public override double[] Score(TechniqueContext context, IReadOnlyList<PruningUnit> units) =>
        [.. units.Select(u => Rng.For(context.Seed, "random-criterion", u.Name).NextDouble())];

    private static float[] Of(Weight weight, Rng rng) => Array.ConvertAll(weight.Encoding.Decode().Array<float>(), v =>
    {
        float score = (float)(1 - rng.NextDouble());
        return v == 0 ? 0 : score;
    });
}
