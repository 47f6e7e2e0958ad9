using System.Globalization;
using Decant.Core;
using Decant.Training;

namespace Decant.Techniques.Pruning.Gradual;

/// <summary>
/// Automated gradual pruning: while the network trains, the numbers of least magnitude become zero, fast at first and
/// more slowly later (Zhu, Gupta 2017). What was pruned stays pruned.
/// </summary>
public sealed class GradualPruning(GradualPruningOptions options) : Technique<GradualPruningOptions>(options)
{
    /// <inheritdoc/>
    public override string Name => "gradual-pruning";

    /// <inheritdoc/>
    public override bool NeedsTraining => true;

    /// <summary>Changes nothing before training, but says what training will do.</summary>
    /// <exception cref="ModelException">A weight cannot be pruned, or would be pruned to nothing; it is
    /// named.</exception>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context)
    {
        foreach (Weight weight in context.Weights)
            Check(weight);
        string scope = Options.Scope == PruningScope.Global ? " of all weights together" : "";
        return
        [
            .. context.Weights.Select(w => new PlannedChange(
                w.Name,
                $"level {Options.InitialLevel:0.####} → {Options.Level:0.#####}{scope} while it trains",
                network => network
            )),
        ];
    }

    /// <inheritdoc/>
    public override TrainingHook During(TechniqueContext context) =>
        new GradualPruningHook(Options, [.. context.Weights.Select(w => w.Name)]);

    private void Check(Weight weight)
    {
        if (weight.Encoding is not (DenseEncoding { Type: ElementType.Float32 } or SparseEncoding))
            throw new ModelException(
                $"weight '{weight.Name}' is {weight.Encoding.Kind} of {weight.Encoding.Type}; gradual "
                    + "pruning takes dense or sparse floats: prune before clustering"
            );
        if (Options.Scope == PruningScope.Layer && Math.Round(weight.Encoding.Count * (1 - Options.Level)) == 0)
            throw new ModelException(
                $"weight '{weight.Name}' would be pruned to nothing (level {Options.Level:0.#####}); use a lower level"
            );
    }
}

/// <summary>Options of gradual pruning.</summary>
public sealed record GradualPruningOptions : TechniqueOptions
{
    /// <summary>The share of zeros at the end.</summary>
    [Share(0, 0.99999)]
    public required double Level { get; init; }

    /// <summary>The share of zeros at the beginning, at most <see cref="Level"/>.</summary>
    [Share(0, 0.99999)]
    public double InitialLevel { get; init; }

    /// <summary>When pruning begins, as a share of the round's steps.</summary>
    [Share]
    public double Begin { get; init; }

    /// <summary>
    /// When the level is reached, as a share of the round's steps; null for 0.75, or where pruning begins later.
    /// </summary>
    [Share]
    public double? End { get; init; }

    /// <summary>Steps between two prunings.</summary>
    [OptionRange(1, 1_000_000)]
    public int Every { get; init; } = 100;

    /// <summary>Among which weights the smallest are found.</summary>
    public PruningScope Scope { get; init; } = PruningScope.Layer;

    /// <inheritdoc/>
    public override void Validate()
    {
        if (InitialLevel > Level)
            throw new OptionsException(
                "initial-level",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"'initial-level: {InitialLevel}' must be a number from 0 to {Level}, the level"
                )
            );
        if (End < Begin)
            throw new OptionsException(
                "end",
                string.Create(CultureInfo.InvariantCulture, $"'end: {End}' must be a number from {Begin} to 1")
            );
    }

    /// <summary>
    /// The level that is due when some steps are done, null if none is: s_f + (s_i − s_f)(1 − (t − t₀) / (t₁
    /// − t₀))³ (Zhu, Gupta 2017, equation 1).
    /// </summary>
    /// <param name="done">Steps done; 0 before the first.</param>
    /// <param name="steps">Steps in all.</param>
    public double? Due(long done, long steps)
    {
        long first = (long)Math.Round(Begin * steps),
            last = (long)Math.Round((End ?? Math.Max(Begin, 0.75)) * steps);
        if (done < first || done > last || ((done - first) % Every != 0 && done != last))
            return null;
        double left = last == first ? 0 : 1 - (double)(done - first) / (last - first);
        return Level + (InitialLevel - Level) * left * left * left;
    }
}
