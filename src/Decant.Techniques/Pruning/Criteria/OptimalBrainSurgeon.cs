using Decant.Core;
using Decant.Torch;

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
    private static readonly TorchOp Inverse = new("aten::linalg_inv"),
        Diagonal = new("aten::diagonal");
    private LayerHessians? hessians;

    /// <inheritdoc/>
    public override string Name => "obs";

    /// <inheritdoc/>
    public override bool NeedsData => true;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, float[]> Score(TechniqueContext context)
    {
        hessians = LayerHessians.Of(context, Samples.Of(context, samples, $"criterion '{Name}'"), damping);
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
            hessians = LayerHessians.Of(
                context with
                {
                    Weights = [weight],
                },
                Samples.Of(context, samples, $"criterion '{Name}'"),
                damping
            );
        var stays = new bool[weight.Encoding.Count];
        foreach (int p in kept)
            stays[p] = true;
        float[] values = (float[])weight.Encoding.Decode().Array<float>().Clone();
        using var scope = new TorchScope();
        using var noGrad = new NoGrad();
        TorchTensor hessian = hessians[weight.Name].ToTorch();
        for (int row = 0; row < matrix.Rows; row++)
            Refit(matrix, row, hessian, values, stays);
        return Array.ConvertAll(kept, p => values[p]);
    }

    private static float[] Saliencies(WeightMatrix matrix, LayerHessian layer)
    {
        using var scope = new TorchScope();
        using var noGrad = new NoGrad();
        TorchTensor hessian = layer.ToTorch();
        float[] values = matrix.Weight.Encoding.Decode().Array<float>(),
            scores = new float[values.Length];
        bool[] left = LeftOf(matrix.Weight.Encoding);
        double[]? whole = null;
        for (int row = 0; row < matrix.Rows; row++)
        {
            long[] kept = Columns(matrix, row, left);
            double[] diagonal =
                kept.Length < matrix.Columns
                    ? InverseDiagonal(hessian, kept)
                    : whole ??= InverseDiagonal(hessian, kept);
            for (int k = 0; k < kept.Length; k++)
                if (matrix.Position(row, (int)kept[k]) is var p)
                    scores[p] = (float)((double)values[p] * values[p] / (2 * diagonal[k]));
        }
        return scores;
    }

    private static void Refit(WeightMatrix matrix, int row, TorchTensor hessian, float[] values, bool[] stays)
    {
        using var scope = new TorchScope();
        long[] kept = Columns(matrix, row, stays);
        long[] gone =
        [
            .. Enumerable
                .Range(0, matrix.Columns)
                .Where(c => matrix.Position(row, c) is var p && !stays[p] && values[p] != 0)
                .Select(c => (long)c),
        ];
        if (kept.Length == 0 || gone.Length == 0)
            return;
        TorchTensor lost = TorchTensor.From<double>(
            Array.ConvertAll(gone, c => (double)values[matrix.Position(row, (int)c)]),
            gone.Length,
            1
        );
        double[] change = LayerHessian.MakeUp(hessian, kept, gone, lost);
        for (int k = 0; k < kept.Length; k++)
            values[matrix.Position(row, (int)kept[k])] += (float)change[k];
    }

    private static double[] InverseDiagonal(TorchTensor hessian, long[] kept)
    {
        using var scope = new TorchScope();
        if (kept.Length == 0)
            return [];
        TorchTensor index = TorchTensor.From<long>(kept, kept.Length);
        return Diagonal.Call(Inverse.Call(hessian.IndexSelect(0, index).IndexSelect(1, index))).ToArray<double>();
    }

    private static long[] Columns(WeightMatrix matrix, int row, bool[] which) =>
        [.. Enumerable.Range(0, matrix.Columns).Where(c => which[matrix.Position(row, c)]).Select(c => (long)c)];

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
