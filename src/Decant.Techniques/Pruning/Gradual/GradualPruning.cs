using Decant.Core;
using Decant.Training;

namespace Decant.Techniques.Pruning.Gradual;

/// <summary>
/// Automated gradual pruning: while the network trains, the numbers of least magnitude become zero, fast at first and
/// more slowly later (Zhu, Gupta 2017). What was pruned stays pruned.
/// </summary>
public sealed class GradualPruning(GradualPruningOptions options) : Technique
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
        string scope = options.Scope == PruningScope.Global ? " of all weights together" : "";
        return
        [
            .. context.Weights.Select(w => new PlannedChange(
                w.Name,
                $"level {options.InitialLevel:0.####} → {options.Level:0.#####}{scope} while it trains",
                network => network
            )),
        ];
    }

    /// <inheritdoc/>
    public override TrainingHook During(TechniqueContext context) =>
        new GradualPruningHook(options, [.. context.Weights.Select(w => w.Name)]);

    private void Check(Weight weight)
    {
        if (weight.Encoding is not (DenseEncoding { Type: ElementType.Float32 } or SparseEncoding))
            throw new ModelException(
                $"weight '{weight.Name}' is {weight.Encoding.Kind} of {weight.Encoding.Type}; gradual "
                    + "pruning takes dense or sparse floats: prune before sharing"
            );
        if (options.Scope == PruningScope.Layer && Math.Round(weight.Encoding.Count * (1 - options.Level)) == 0)
            throw new ModelException(
                $"weight '{weight.Name}' would be pruned to nothing (level {options.Level:0.#####}); use a lower level"
            );
    }
}

/// <summary>Options of gradual pruning.</summary>
/// <param name="Level">The share of zeros at the end, 0 to 1.</param>
/// <param name="InitialLevel">The share of zeros at the beginning, at most <paramref name="Level"/>.</param>
/// <param name="Begin">When pruning begins, as a share of the round's steps.</param>
/// <param name="End">When the level is reached, as a share of the round's steps.</param>
/// <param name="Every">Steps between two prunings.</param>
/// <param name="Scope">Among what numbers the smallest are found.</param>
public sealed record GradualPruningOptions(
    double Level,
    double InitialLevel,
    double Begin,
    double End,
    int Every,
    PruningScope Scope
)
{
    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">An option is out of range.</exception>
    public static GradualPruningOptions Read(TechniqueOptions options)
    {
        double level = options.Number("level", 0, 0.99999),
            begin = options.Number("begin", 0, 1, 0);
        return new GradualPruningOptions(
            level,
            options.Number("initial-level", 0, level, 0),
            begin,
            options.Number("end", begin, 1, Math.Max(begin, 0.75)),
            options.Integer("every", 1, 1_000_000, 100),
            options.Word("scope", "layer", "global") == "global" ? PruningScope.Global : PruningScope.Layer
        );
    }

    /// <summary>
    /// The level that is due when some steps are done, null if none is: s_f + (s_i − s_f)(1 − (t − t₀) / (t₁ − t₀))³
    /// (Zhu, Gupta 2017, equation 1).
    /// </summary>
    /// <param name="done">Steps done; 0 before the first.</param>
    /// <param name="steps">Steps in all.</param>
    public double? Due(long done, long steps)
    {
        long first = (long)Math.Round(Begin * steps),
            last = (long)Math.Round(End * steps);
        if (done < first || done > last || ((done - first) % Every != 0 && done != last))
            return null;
        double left = last == first ? 0 : 1 - (double)(done - first) / (last - first);
        return Level + (InitialLevel - Level) * left * left * left;
    }
}
