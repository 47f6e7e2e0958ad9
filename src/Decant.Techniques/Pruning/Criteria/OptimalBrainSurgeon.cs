using Decant.Core;
using Decant.Techniques.Statistics;

namespace Decant.Techniques.Pruning;

/// <summary>
/// How much the squared error of a layer's outputs rises at least if a number becomes zero and the others of its row
/// make up for it: w²/(2·[H⁻¹]qq), H = 2/n·Σ x·xᵀ over the layer's inputs (Hassibi, Stork 1993; layer by
/// layer: Dong, Chen, Pan 2017). What stays of a row is then changed to the values of least error: δ_K =
/// H_KK⁻¹·H_KP·w_P, P what goes and K what stays.
/// </summary>
public sealed record OptimalBrainSurgeon : Criterion
{
    /// <summary>How many images.</summary>
    [OptionRange(1, 10_000_000)]
    public int Samples { get; init; } = 1024;

    /// <summary>What is added to H's diagonal, as a share of its mean.</summary>
    [OptionRange(1e-9, 1)]
    public double Damping { get; init; } = 0.01;

    /// <inheritdoc/>
    public override string Name => "obs";

    /// <inheritdoc/>
    public override bool NeedsData => true;

    /// <inheritdoc/>
    public override IReadOnlyList<StatisticsRequest> Needs(TechniqueContext context) =>
        LayerHessians.Needs(context, Samples);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, float[]> Score(TechniqueContext context)
    {
        LayerHessians hessians = Measure(context);
        context.Hessians[this] = hessians;
        return context.Weights.ToDictionary(
            w => w.Name,
            w => Saliencies(WeightMatrix.Of(context.Network, w), hessians[w.Name], context.Workers),
            StringComparer.Ordinal
        );
    }

    /// <inheritdoc/>
    public override float[] Compensate(TechniqueContext context, Weight weight, int[] kept)
    {
        WeightMatrix matrix = WeightMatrix.Of(context.Network, weight);
        if (context.Hessians[this] is not { } hessians || !hessians.IsOf(context.Network, weight))
        {
            hessians = Measure(context with { Weights = [weight] });
            context.Hessians[this] = hessians;
        }
        var stays = new bool[weight.Encoding.Count];
        foreach (int p in kept)
            stays[p] = true;
        float[] values = (float[])weight.Encoding.Decode().Array<float>().Clone();
        for (int row = 0; row < matrix.Rows; row++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            Refit(matrix, row, hessians[weight.Name], values, stays, context.Workers);
        }
        return Array.ConvertAll(kept, p => values[p]);
    }

    private LayerHessians Measure(TechniqueContext context) =>
        LayerHessians.Of(context, Samples, Damping, $"criterion '{Name}'");

    private static float[] Saliencies(WeightMatrix matrix, LayerHessian layer, Workers workers)
    {
        float[] values = matrix.Weight.Encoding.Decode().Array<float>(),
            scores = new float[values.Length];
        bool[] left = LeftOf(matrix.Weight.Encoding);
        double[]? whole = null;
        for (int row = 0; row < matrix.Rows; row++)
        {
            workers.Cancellation.ThrowIfCancellationRequested();
            int[] kept = Columns(matrix, row, left);
            double[] diagonal =
                kept.Length < matrix.Columns
                    ? layer.InverseDiagonal(kept, workers)
                    : whole ??= layer.InverseDiagonal(kept, workers);
            for (int k = 0; k < kept.Length; k++)
                if (matrix.Position(row, kept[k]) is var p)
                    scores[p] = (float)((double)values[p] * values[p] / (2 * diagonal[k]));
        }
        return scores;
    }

    private static void Refit(
        WeightMatrix matrix,
        int row,
        LayerHessian hessian,
        float[] values,
        bool[] stays,
        Workers workers
    )
    {
        int[] kept = Columns(matrix, row, stays);
        int[] gone =
        [
            .. Enumerable
                .Range(0, matrix.Columns)
                .Where(c => matrix.Position(row, c) is var p && !stays[p] && values[p] != 0),
        ];
        if (kept.Length == 0 || gone.Length == 0)
            return;
        double[] lost = Array.ConvertAll(gone, c => (double)values[matrix.Position(row, c)]);
        double[] change = hessian.MakeUp(kept, gone, [lost], workers)[0];
        for (int k = 0; k < kept.Length; k++)
            values[matrix.Position(row, kept[k])] += (float)change[k];
    }

    private static int[] Columns(WeightMatrix matrix, int row, bool[] which) =>
        [.. Enumerable.Range(0, matrix.Columns).Where(c => which[matrix.Position(row, c)])];

    private static bool[] LeftOf(Encoding encoding)
    {
        var left = new bool[encoding.Count];
        if (encoding is not SparseEncoding sparse)
            Array.Fill(left, true);
        else
            foreach (int p in sparse.Positions)
                left[p] = true;
        return left;
    }
}
