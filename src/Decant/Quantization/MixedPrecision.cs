using Decant.Core;
using Decant.Recipes;
using Decant.Reports;
using Decant.Runs;
using Decant.Training.Data;

namespace Decant.Quantization;

/// <summary>
/// Gives each layer's weight its own bits, so that a file is not larger than asked and the answers lose least: from 8 bits each, that layer
/// goes down next that adds least noise to the network's answers for a byte saved. Noises of layers are taken to add up.
/// </summary>
public static class MixedPrecision
{
    private static readonly int[] Choices = [8, 6, 5, 4, 3, 2];

    /// <summary>Chooses bits.</summary>
    /// <param name="network">The network.</param>
    /// <param name="settings">All else; <see cref="QuantizationSettings.WeightBits"/> is not looked at.</param>
    /// <param name="bytes">The most bytes of the file.</param>
    /// <param name="train">Images that ranges of activations are taken from.</param>
    /// <param name="images">Images that noise is measured on.</param>
    /// <param name="preprocessing">The pixel arithmetic.</param>
    /// <param name="progress">Told how much is done, of one.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="ModelException">Even with two bits each the file is larger; how large it is, is said.</exception>
    public static QuantizationSettings Fit(
        Network network, QuantizationSettings settings, long bytes, Dataset train, Dataset images, Preprocessing preprocessing, Action<double>? progress = null, CancellationToken cancellation = default)
    {
        var ladders = new Dictionary<string, List<Rung>>(StringComparer.Ordinal);
        foreach (int bits in Choices)
        {
            QuantizationSettings plain = settings with { WeightBits = bits, BitsOf = null, ActivationBits = 0, CorrectsBias = false };
            (Network quantized, CompressionReport report) = Quantize(network, plain, train, cancellation);
            Dictionary<string, long> sizes = report.Stages[^1].Layers.ToDictionary(l => l.Name, l => l.Bytes, StringComparer.Ordinal);
            foreach (LayerError error in QuantizationErrors.Of(network, quantized, images, preprocessing, cancellation))
            {
                if (!ladders.TryGetValue(error.Weight, out List<Rung>? ladder)) ladders[error.Weight] = ladder = [];
                ladder.Add(new Rung(bits, sizes[error.Weight], Math.Pow(10, -error.AloneSqnr / 10)));
            }
            progress?.Invoke((Array.IndexOf(Choices, bits) + 1.0) / (Choices.Length + 1));
        }
        long rest = Quantize(network, settings with { WeightBits = Choices[0], BitsOf = null }, train, cancellation).Report.Bytes - ladders.Values.Sum(l => l[0].Bytes);
        progress?.Invoke(1);
        return settings with { BitsOf = Descend(ladders, bytes - rest, rest) };
    }

    private static (Network Network, CompressionReport Report) Quantize(Network network, QuantizationSettings settings, Dataset train, CancellationToken cancellation) =>
        new Compressor(RecipeReader.Read(QuantizationRecipe.Of(network, settings), "quantize"), new CompressionOptions { Preprocessing = settings.Preprocessing, Train = train }).Run(network, null, cancellation: cancellation);

    private static Dictionary<string, int> Descend(Dictionary<string, List<Rung>> ladders, long budget, long rest)
    {
        Dictionary<string, int> at = ladders.Keys.ToDictionary(k => k, _ => 0, StringComparer.Ordinal);
        long total = ladders.Values.Sum(l => l[0].Bytes);
        while (total > budget)
        {
            var (weight, to) = Next(ladders, at)
                ?? throw new ModelException($"a file of {budget + rest:N0} bytes is asked for; with {Choices[^1]} bits for every layer it takes {total + rest:N0}: ask for more");
            total -= ladders[weight][at[weight]].Bytes - ladders[weight][to].Bytes;
            at[weight] = to;
        }
        return at.ToDictionary(a => a.Key, a => ladders[a.Key][a.Value].Bits, StringComparer.Ordinal);
    }

    /// <summary>The step down, of one rung or several of a layer, that costs the least noise a byte.</summary>
    private static (string Weight, int To)? Next(Dictionary<string, List<Rung>> ladders, Dictionary<string, int> at)
    {
        (string Weight, int To)? best = null;
        double least = double.PositiveInfinity;
        foreach (var (weight, ladder) in ladders)
            for (int to = at[weight] + 1; to < ladder.Count; to++)
            {
                Rung now = ladder[at[weight]], then = ladder[to];
                double cost = now.Bytes <= then.Bytes ? double.PositiveInfinity : Math.Max(0, then.Noise - now.Noise) / (now.Bytes - then.Bytes);
                if (cost < least) (least, best) = (cost, (weight, to));
            }
        return best;
    }

    private readonly record struct Rung(int Bits, long Bytes, double Noise);
}
