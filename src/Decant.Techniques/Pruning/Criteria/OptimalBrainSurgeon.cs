using Decant.Core;
using Decant.Techniques.Statistics;

namespace Decant.Techniques.Pruning;

/// <summary>
/// How much the squared error of a layer's outputs rises at least if a number becomes zero and the others of its row
/// make up for it: w²/(2·[H⁻¹]qq), H = 2/n·Σ x·xᵀ over the layer's inputs (Hassibi, Stork 1993; layer by layer: Dong,
/// Chen, Pan 2017). What stays of a row is then changed to the values of least error: δ_K = H_KK⁻¹·H_KP·w_P, P what
/// goes and K what stays.
/// </summary>
/// <param name="samples">How many images.</param>
/// <param name="damping">What is added to H's diagonal, as a share of its mean.</param>
internal sealed class OptimalBrainSurgeon(int samples, double damping) : Criterion
{
    private LayerHessians? hessians;

    /// <inheritdoc/>
    public override string Name => "obs";

    /// <inheritdoc/>
    public override bool NeedsData => true;

    /// <inheritdoc/>
    public override IReadOnlyList<StatisticsRequest> Needs(TechniqueContext context) =>
        LayerHessians.Needs(context, samples);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, float[]> Score(TechniqueContext context)
    {
        hessians = LayerHessians.Of(context, samples, damping, $"criterion '{Name}'");
        return context.Weights.ToDictionary(
            w => w.Name,
            w => Saliencies(WeightMatrix.Of(context.Network, w), hessians[w.Name])
        );
    }

    /// <inheritdoc/>
    public override float[] Compensate(TechniqueContext context, Weight weight, int[] kept)
    {
        WeightMatrix matrix = WeightMatrix.Of(context.Network, weight);
        if (hessians is null || !hessians.IsOf(context.Network, weight))
            hessians = LayerHessians.Of(context with { Weights = [weight] }, samples, damping, $"criterion '{Name}'");
        var stays = new bool[weight.Encoding.Count];
        foreach (int p in kept)
            stays[p] = true;
        float[] values = (float[])weight.Encoding.Decode().Array<float>().Clone();
        for (int row = 0; row < matrix.Rows; row++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            Refit(matrix, row, hessians[weight.Name], values, stays);
        }
        return Array.ConvertAll(kept, p => values[p]);
    }

    private static float[] Saliencies(WeightMatrix matrix, LayerHessian layer)
    {
        float[] values = matrix.Weight.Encoding.Decode().Array<float>(),
            scores = new float[values.Length];
        bool[] left = LeftOf(matrix.Weight.Encoding);
        double[]? whole = null;
        for (int row = 0; row < matrix.Rows; row++)
        {
            int[] kept = Columns(matrix, row, left);
            double[] diagonal =
                kept.Length < matrix.Columns ? layer.InverseDiagonal(kept) : whole ??= layer.InverseDiagonal(kept);
            for (int k = 0; k < kept.Length; k++)
                if (matrix.Position(row, kept[k]) is var p)
                    scores[p] = (float)((double)values[p] * values[p] / (2 * diagonal[k]));
        }
        return scores;
    }

    private static void Refit(WeightMatrix matrix, int row, LayerHessian hessian, float[] values, bool[] stays)
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
        double[] change = hessian.MakeUp(kept, gone, [lost])[0];
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
