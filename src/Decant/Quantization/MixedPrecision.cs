using System.Globalization;
using Decant.Core;
using Decant.Data;
using Decant.Reports;
using Decant.Runs;

namespace Decant.Quantization;

/// <summary>
/// Gives each layer's weight its own bits, so that a file is not larger than asked and the answers lose least, or that
/// no more of the primary metric is lost than asked and the file is small: from 8 bits each, that layer goes down next
/// that adds
/// least noise to the network's answers for a byte saved. Noises of layers are taken to add up.
/// </summary>
/// <param name="network">The network.</param>
/// <param name="quantization">All else; <see cref="QuantizationOptions.WeightBits"/> is not looked at.</param>
/// <param name="options">What it is quantized with: training images, statistics, a seed.</param>
internal sealed class MixedPrecision(Network network, QuantizationOptions quantization, CompressionOptions options)
{
    // How often the budget is lowered by what a file came out too large.
    private const int Trials = 4;

    private static readonly int[] Choices = [8, 7, 6, 5, 4, 3, 2];

    /// <summary>Chooses bits so that the file is small enough.</summary>
    /// <param name="bytes">The most bytes of the file.</param>
    /// <param name="images">Examples that noise is measured on.</param>
    /// <param name="preprocessing">What is done to pixels.</param>
    /// <param name="progress">Told how much is done, of one.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="ModelException">Even with two bits each the file is larger; how large it is, is
    /// said.</exception>
    public QuantizationOptions FitSize(
        long bytes,
        IDataSource images,
        Preprocessing preprocessing,
        Action<double>? progress = null,
        CancellationToken cancellation = default
    )
    {
        Dictionary<string, List<Rung>> ladders = Ladders(images, preprocessing, progress ?? (_ => { }), cancellation);
        long rest =
                Quantize(quantization with { WeightBits = Choices[0], BitsOf = null }, cancellation).Report.Bytes
                - ladders.Values.Sum(l => l[0].Bytes),
            budget = bytes;
        for (int trial = 0; trial < Trials; trial++)
        {
            QuantizationOptions fitted = quantization with { BitsOf = Descend(ladders, budget - rest, rest, bytes) };
            long made = Quantize(fitted, cancellation).Report.Bytes;
            if (made <= bytes)
                return fitted;
            budget -= made - bytes;
        }
        throw new ModelException(
            $"a file of {bytes:N0} bytes is asked for, and none that small was found: ask for a little more"
        );
    }

    /// <summary>
    /// Goes down as far as no more points of the primary metric are lost than asked, found by halving.
    /// </summary>
    /// <param name="points">The most points that may be lost.</param>
    /// <param name="images">Examples that noise is measured on.</param>
    /// <param name="heldOut">The validation set; neither to calibrate nor to test on.</param>
    /// <param name="preprocessing">What is done to pixels.</param>
    /// <param name="progress">Told how much is done, of one.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="DataException">There are too few examples to tell.</exception>
    /// <exception cref="ModelException">Even with eight bits each more is lost; how much, is said.</exception>
    public QuantizationOptions FitAccuracy(
        double points,
        IDataSource images,
        IDataSource heldOut,
        Preprocessing preprocessing,
        Action<double>? progress = null,
        CancellationToken cancellation = default
    )
    {
        bool isCounted =
            new Compressor(QuantizationRecipe.Of(network, quantization), options).TaskFor(network) is Classification;
        if (heldOut.Count == 0 || (isCounted && points > 0 && 100.0 / heldOut.Count > points))
            throw new DataException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"a validation set of {heldOut.Count:N0} examples cannot tell {points:0.##} points "
                        + $"apart: give more training data, or allow more to be lost"
                )
            );
        progress ??= _ => { };
        Dictionary<string, List<Rung>> ladders = Ladders(
            images,
            preprocessing,
            done => progress(done / 2),
            cancellation
        );
        QuantizationOptions[] way = [.. Way(ladders).Select(at => quantization with { BitsOf = BitsAt(ladders, at) })];
        if (Lost(way[0]) is var least && least > points)
            throw new ModelException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"with {Choices[0]} bits for every layer {least:0.00} points are lost on "
                        + $"the validation set of {heldOut.Count:N0} examples, and at most {points:0.00} are to "
                        + $"be: ask for more, or keep layers as they are"
                )
            );
        int holds = 0,
            fails = way.Length;
        while (fails - holds > 1)
        {
            int middle = (holds + fails) / 2;
            if (Lost(way[middle]) <= points)
                holds = middle;
            else
                fails = middle;
            progress(1 - (fails - holds) / (2.0 * way.Length));
        }
        return way[holds];

        double Lost(QuantizationOptions how)
        {
            CompressionReport report = Quantize(how, cancellation, heldOut).Report;
            return report.After!.PointsLostSince(report.Before!);
        }
    }

    /// <summary>For each weight, its bytes and the noise it makes alone, at each number of bits.</summary>
    private Dictionary<string, List<Rung>> Ladders(
        IDataSource images,
        Preprocessing preprocessing,
        Action<double> progress,
        CancellationToken cancellation
    )
    {
        var ladders = new Dictionary<string, List<Rung>>(StringComparer.Ordinal);
        Network whole = NetworkValues.Prepared(network, quantization);
        foreach (int bits in Choices)
        {
            (Network quantized, CompressionReport report) = Quantize(
                quantization with
                {
                    WeightBits = bits,
                    BitsOf = null,
                    ActivationBits = 0,
                    CorrectsBias = false,
                },
                cancellation
            );
            Dictionary<string, long> sizes = report
                .Stages[^1]
                .Layers.ToDictionary(l => l.Name, l => l.Bytes, StringComparer.Ordinal);
            foreach (
                IGrouping<string, LayerError> errors in QuantizationErrors
                    .Of(whole, quantized, images, preprocessing, options.Threads, cancellation)
                    .GroupBy(e => e.Weight, StringComparer.Ordinal)
            )
            {
                if (!ladders.TryGetValue(errors.Key, out List<Rung>? ladder))
                    ladders[errors.Key] = ladder = [];
                ladder.Add(new Rung(bits, sizes[errors.Key], errors.Sum(e => Math.Pow(10, -e.AloneSqnr / 10))));
            }
            progress((Array.IndexOf(Choices, bits) + 1.0) / (Choices.Length + 1));
        }
        return ladders;
    }

    private (Network Network, CompressionReport Report) Quantize(
        QuantizationOptions how,
        CancellationToken cancellation,
        IDataSource? test = null
    ) =>
        new Compressor(QuantizationRecipe.Of(network, how), options.AsTrial(test)).Run(
            network,
            null,
            cancellation: cancellation
        );

    private static Dictionary<string, int> Descend(
        Dictionary<string, List<Rung>> ladders,
        long budget,
        long rest,
        long asked
    )
    {
        long total = 0;
        foreach (Dictionary<string, int> at in Way(ladders))
        {
            total = at.Sum(a => ladders[a.Key][a.Value].Bytes);
            if (total <= budget)
                return BitsAt(ladders, at);
        }
        throw new ModelException(
            $"a file of {asked:N0} bytes is asked for; with {Choices[^1]} bits for every layer it takes "
                + $"{total + rest:N0}: ask for more"
        );
    }

    /// <summary>
    /// The rungs that the weights stand on, from the top of all ladders to where no step saves a byte.
    /// </summary>
    private static IEnumerable<Dictionary<string, int>> Way(Dictionary<string, List<Rung>> ladders)
    {
        var at = ladders.Keys.ToDictionary(k => k, _ => 0, StringComparer.Ordinal);
        yield return at;
        while (Next(ladders, at) is { } next)
        {
            at = new(at, StringComparer.Ordinal) { [next.Weight] = next.To };
            yield return at;
        }
    }

    private static Dictionary<string, int> BitsAt(Dictionary<string, List<Rung>> ladders, Dictionary<string, int> at) =>
        at.ToDictionary(a => a.Key, a => ladders[a.Key][a.Value].Bits, StringComparer.Ordinal);

    /// <summary>The step down, of one rung or several of a layer, that costs the least noise a byte.</summary>
    private static (string Weight, int To)? Next(Dictionary<string, List<Rung>> ladders, Dictionary<string, int> at)
    {
        (string Weight, int To)? best = null;
        double least = double.PositiveInfinity;
        foreach (var (weight, ladder) in ladders)
            for (int to = at[weight] + 1; to < ladder.Count; to++)
            {
                Rung now = ladder[at[weight]],
                    then = ladder[to];
                double cost =
                    now.Bytes <= then.Bytes
                        ? double.PositiveInfinity
                        : Math.Max(0, then.Noise - now.Noise) / (now.Bytes - then.Bytes);
                if (cost < least)
                    (least, best) = (cost, (weight, to));
            }
        return best;
    }

    private readonly record struct Rung(int Bits, long Bytes, double Noise);
}
