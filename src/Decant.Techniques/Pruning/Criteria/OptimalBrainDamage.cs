using Decant.Core;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.Pruning;

/// <summary>
/// h·w²/2 (LeCun, Denker, Solla 1990), h the diagonal of the Gauss-Newton matrix of the cross-entropy: for each image
/// Σ_c p_c (∂(log p_c)/∂w)², p the network's own answer, averaged. In a network that is piecewise linear in each
/// weight, as with ReLU and max pooling, that is the second derivative itself.
/// </summary>
public sealed record OptimalBrainDamage : Criterion
{
    /// <summary>How many images; each is run by itself.</summary>
    [OptionRange(1, 10_000_000)]
    public int Samples { get; init; } = 128;

    /// <summary>Classes that together add less than this share to an image's sum are left out.</summary>
    private const double Negligible = 1e-3;

    /// <inheritdoc/>
    public override string Name => "obd";

    /// <inheritdoc/>
    public override bool NeedsData => true;

    /// <inheritdoc/>
    public override bool NeedsGradients => true;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, float[]> Score(TechniqueContext context)
    {
        var squares = context.Weights.ToDictionary(
            w => w.Name,
            w => new float[w.Encoding.Count],
            StringComparer.Ordinal
        );
        new DatasetPass(
            context.Network,
            Techniques.Samples.Of(context, Samples, $"criterion '{Name}'"),
            context.Preprocessing,
            1
        ).Recorded(step =>
        {
            TorchTensor[] leaves = [.. step.Network.Parameterizations.Values.Select(f => f.Parameter)];
            foreach (float[] direction in Directions(step.Outputs))
            {
                TorchTensor.ClearGrads(leaves);
                step.Outputs.Backward(TorchTensor.From<float>(direction, step.Outputs.Shape), retainGraph: true);
                foreach (var (name, sums) in squares)
                    AddSquares(step.Network.Parameterizations[name].Parameter, sums, 1f / step.Steps);
            }
        });
        return context.Weights.ToDictionary(
            w => w.Name,
            w => Saliencies(w.Encoding.Decode().Span<float>(), squares[w.Name]),
            StringComparer.Ordinal
        );
    }

    /// <summary>
    /// Vectors √p_c (e_c − p): their outer products add up to diag(p) − p·pᵀ, the Hessian of the cross-entropy
    /// with respect to the outputs.
    /// </summary>
    private static List<float[]> Directions(TorchTensor outputs)
    {
        float[] p;
        using (new NoGrad())
            p = outputs.Detach().Softmax(1).ToArray<float>();
        double squares = p.Sum(v => (double)v * v);
        double[] traces = [.. p.Select(v => v * (1 - 2 * v + squares))];
        double least = Negligible * traces.Sum() / p.Length;
        var directions = new List<float[]>();
        for (int c = 0; c < p.Length; c++)
        {
            if (traces[c] <= least)
                continue;
            float root = MathF.Sqrt(p[c]);
            directions.Add([.. p.Select((v, i) => root * ((i == c ? 1 : 0) - v))]);
        }
        return directions;
    }

    private static void AddSquares(TorchTensor leaf, float[] sums, float share)
    {
        if (leaf.Grad is not { } gradient)
            return;
        float[] g = gradient.ToArray<float>();
        for (int i = 0; i < g.Length; i++)
            sums[i] += share * g[i] * g[i];
    }

    private static float[] Saliencies(ReadOnlySpan<float> values, float[] second)
    {
        var scores = new float[values.Length];
        for (int i = 0; i < scores.Length; i++)
            scores[i] = second[i] * values[i] * values[i] / 2;
        return scores;
    }
}
