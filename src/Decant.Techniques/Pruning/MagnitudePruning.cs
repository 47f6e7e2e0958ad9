using Decant.Core;

namespace Decant.Techniques.Pruning;

/// <summary>
/// Sets the weights of least magnitude to zero and keeps the rest for retraining (Han, Pool, Tran, Dally 2015). The threshold comes
/// from a level, is given, or is quality × standard deviation.
/// </summary>
public sealed class MagnitudePruning(MagnitudePruningOptions options) : Technique
{
    /// <inheritdoc/>
    public override string Name => "magnitude-pruning";

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context) =>
        [.. context.Weights.Select(w => Plan(w, context.Progress))];

    private PlannedChange Plan(Weight weight, double progress)
    {
        if (weight.Encoding is not (DenseEncoding { Type: ElementType.Float32 } or SparseEncoding))
            throw new ModelException($"weight '{weight.Name}' is {weight.Encoding.Kind} of {weight.Encoding.Type}; magnitude pruning takes dense or sparse floats: prune before sharing");
        Tensor values = weight.Encoding.Decode();
        Magnitudes.CheckFinite(weight.Name, values.Span<float>());
        (int kept, string why) = Target(values.Span<float>(), progress);
        // What was pruned before stays pruned, even if less is asked for now.
        if (weight.Encoding is SparseEncoding { Values.Length: var left }) kept = Math.Min(kept, left);
        if (kept == 0) throw new ModelException($"weight '{weight.Name}' would be pruned to nothing ({why}); use a lower level or threshold");
        return PlannedChange.OfWeight(weight.Name, $"keep {kept:N0} of {values.Count:N0} weights ({100.0 * kept / values.Count:0.##} %): {why}",
            () => weight.Encoding is SparseEncoding sparse ? Magnitudes.KeepLargest(sparse, kept) : Magnitudes.KeepLargest(values, kept));
    }

    private (int Kept, string Why) Target(ReadOnlySpan<float> values, double progress)
    {
        if (options.Level is { } level)
        {
            double now = At(level, progress);
            return ((int)Math.Round(values.Length * (1 - now)), $"level {now:0.####}");
        }
        double threshold = options.Threshold * progress ?? options.Sensitivity!.Value * progress * Magnitudes.StandardDeviation(values);
        string why = options.Sensitivity is { } s ? $"{s * progress:0.###} × standard deviation" : "threshold";
        return (Magnitudes.CountAtLeast(values, threshold), $"{why} = {threshold:0.#####}");
    }

    private double At(double level, double t) => options.Ramp switch
    {
        Ramp.Linear => level * t,
        Ramp.Cubic => level * (1 - Math.Pow(1 - t, 3)),
        _ => 1 - Math.Pow(1 - level, t),
    };
}
