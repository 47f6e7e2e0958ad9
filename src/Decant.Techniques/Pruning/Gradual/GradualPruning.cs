using Decant.Core;
using Decant.Training;

namespace Decant.Techniques.Pruning.Gradual;

/// <summary>
/// Automated gradual pruning: while the network trains, the numbers of least magnitude become zero, fast at first and more slowly later
/// (Zhu, Gupta 2017). What was pruned stays pruned.
/// </summary>
public sealed class GradualPruning(GradualPruningOptions options) : Technique
{
    /// <inheritdoc/>
    public override string Name => "gradual-pruning";

    /// <inheritdoc/>
    public override bool NeedsTraining => true;

    /// <summary>Changes nothing before training, but says what training will do.</summary>
    /// <exception cref="ModelException">A weight cannot be pruned, or would be pruned to nothing; it is named.</exception>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context)
    {
        foreach (Weight weight in context.Weights) Check(weight);
        string scope = options.Scope == PruningScope.Global ? " of all weights together" : "";
        return [.. context.Weights.Select(w => new PlannedChange(w.Name, $"level {options.InitialLevel:0.####} → {options.Level:0.#####}{scope} while it trains", network => network))];
    }

    /// <inheritdoc/>
    public override TrainingHook During(TechniqueContext context) => new GradualPruningHook(options, [.. context.Weights.Select(w => w.Name)]);

    private void Check(Weight weight)
    {
        if (weight.Encoding is not (DenseEncoding { Type: ElementType.Float32 } or SparseEncoding))
            throw new ModelException($"weight '{weight.Name}' is {weight.Encoding.Kind} of {weight.Encoding.Type}; gradual pruning takes dense or sparse floats: prune before sharing");
        if (options.Scope == PruningScope.Layer && Math.Round(weight.Encoding.Count * (1 - options.Level)) == 0)
            throw new ModelException($"weight '{weight.Name}' would be pruned to nothing (level {options.Level:0.#####}); use a lower level");
    }
}
