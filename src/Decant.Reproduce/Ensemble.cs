using Decant.Core;
using Decant.Runtime;

namespace Decant.Reproduce;

/// <summary>Several networks that vote: the mean of their probabilities.</summary>
internal sealed class Ensemble(IEnumerable<Network> networks) : IExecutor
{
    private readonly InferenceSession[] sessions = [.. networks.Select(n => new InferenceModel(n).CreateSession())];

    /// <inheritdoc/>
    public string Name => "ensemble";

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Run(IReadOnlyList<Tensor> inputs, CancellationToken cancellation = default)
    {
        Tensor sum = Probabilities(sessions[0].Run(inputs, cancellation)[0]);
        foreach (InferenceSession session in sessions.AsSpan(1))
        {
            float[] more = Probabilities(session.Run(inputs, cancellation)[0]).Array<float>(),
                all = sum.Array<float>();
            for (int i = 0; i < all.Length; i++)
                all[i] += more[i];
        }
        return [sum];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (InferenceSession session in sessions)
            session.Dispose();
    }

    private static Tensor Probabilities(Tensor scores)
    {
        int classes = scores.Shape[1];
        float[] values = scores.Array<float>();
        for (int start = 0; start < values.Length; start += classes)
        {
            Span<float> row = values.AsSpan(start, classes);
            float most = row[0],
                sum = 0;
            foreach (float v in row)
                most = Math.Max(most, v);
            foreach (ref float v in row)
                sum += v = MathF.Exp(v - most);
            foreach (ref float v in row)
                v /= sum;
        }
        return scores;
    }
}
