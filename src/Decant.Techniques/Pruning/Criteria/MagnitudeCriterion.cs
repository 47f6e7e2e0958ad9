namespace Decant.Techniques.Pruning;

/// <summary>|w| (Han, Pool, Tran, Dally 2015); of a unit Σ|w| (Li et al. 2017) or √Σw².</summary>
/// <param name="squares">Whether units are measured by their l2 norm, not by l1.</param>
internal sealed class MagnitudeCriterion(bool squares) : Criterion
{
    /// <inheritdoc/>
    public override string Name => "magnitude";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, float[]> Score(TechniqueContext context) =>
        context.Weights.ToDictionary(w => w.Name, w => Array.ConvertAll(w.Encoding.Decode().Array<float>(), Math.Abs));

    /// <inheritdoc/>
    public override double[] Score(TechniqueContext context, IReadOnlyList<PruningUnit> units) =>
        squares ? [.. Sum(Score(context with { Weights = WeightsOf(context.Network, units) }), units, v => v * v).Select(Math.Sqrt)] : base.Score(context, units);
}
