using System.Globalization;
using Decant.Core;
using Decant.Data;
using Decant.Pipelines;
using Decant.Runs;
using Decant.Runtime;
using Decant.Techniques.Quantization;

namespace Decant.Quantization;

/// <summary>
/// Finds the layers that stay floats so that quantization loses no more than asked: those that cost the network's
/// answers most when they alone are quantized, as few of them as hold on examples that nothing was calibrated on.
/// Ranges of activations that clip outliers are tried first, which keep no layer.
/// </summary>
/// <param name="network">The network.</param>
/// <param name="quantization">How it is quantized.</param>
/// <param name="run">What it is quantized with.</param>
internal sealed class FloatLayers(Network network, QuantizationOptions quantization, CompressionOptions run)
{
    // Layers are sought that lose a little less than may be lost; that is checked on the pipeline's own result, and
    // widened by this much.
    private const double Margin = 0.9,
        Widening = 0.2;

    // Layers are quantized again in the order of what they cost, until so many in a row do not hold.
    private const int Patience = 8;

    private static readonly RangeRule[] Ranges = [new PercentileRange(), new MseRange()];

    // Of the time that this takes.
    private const double RankingShare = 0.5,
        BisectedShare = 0.6;

    /// <summary>The options with the layers that stay floats added to those to keep.</summary>
    /// <param name="points">The most points that may be lost: of the primary metric, and of fidelity of every metric
    /// that is a share or a cosine.</param>
    /// <param name="examples">Examples that layers are ranked on.</param>
    /// <param name="heldOut">The validation set; neither to calibrate nor to test on.</param>
    /// <param name="preprocessing">What is done to pixels.</param>
    /// <param name="progress">Told how much is done, of one.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="ModelException">No layer can be quantized without losing more.</exception>
    public QuantizationOptions Fit(
        double points,
        IDataSource examples,
        IDataSource heldOut,
        Preprocessing preprocessing,
        Action<double> progress,
        CancellationToken cancellation
    )
    {
        var loss = new Loss(DynamicBatch.OrFixed(network), TaskOf(), heldOut, preprocessing, run.Threads, cancellation);
        (QuantizationOptions options, Network quantized, double lost) = BestRanges(points, loss, cancellation);
        if (lost <= points)
            return options;
        Network whole = NetworkValues.Prepared(network, options);
        var layers = new QuantizedLayers(whole, quantized);
        Node[] ranked = Ranked(layers, whole, quantized, examples, preprocessing, cancellation);
        progress(RankingShare);
        List<Node> kept = Fewest(Margin * points, loss, layers, ranked, progress, cancellation);
        return Checked(points, loss, options, layers, ranked, kept, cancellation);
    }

    /// <summary>
    /// The ranges of activations as asked for where they hold; else, of those and of ranges that clip outliers, those
    /// that lose least.
    /// </summary>
    private (QuantizationOptions Options, Network Network, double Lost) BestRanges(
        double points,
        Loss loss,
        CancellationToken cancellation
    )
    {
        var best = (Options: quantization, Network: network, Lost: double.PositiveInfinity);
        foreach (RangeRule range in Ranges.Prepend(quantization.ActivationRange).Distinct())
        {
            QuantizationOptions options = quantization with { ActivationRange = range };
            Network quantized = Quantize(options, cancellation);
            double lost = loss.Of(quantized, cancellation);
            if (lost < best.Lost)
                best = (options, quantized, lost);
            if (lost <= points || quantization.ActivationBits == 0 || quantization.Dynamic)
                break;
        }
        return best;
    }

    /// <summary>
    /// Of the ranking so many first layers as hold, by bisection; of these each is quantized again, from the least
    /// costly on, where the others hold without it.
    /// </summary>
    private static List<Node> Fewest(
        double points,
        Loss loss,
        QuantizedLayers layers,
        Node[] ranked,
        Action<double> progress,
        CancellationToken cancellation
    )
    {
        int holds = ranked.Length,
            fails = 0;
        while (holds - fails > 1)
        {
            int middle = (holds + fails) / 2;
            if (loss.Of(layers.Restored(ranked.Take(middle)), cancellation) <= points)
                holds = middle;
            else
                fails = middle;
        }
        progress(BisectedShare);
        List<Node> kept = [.. ranked.Take(holds)];
        for (int i = holds - 1, failed = 0; i >= 0 && failed < Patience; i--)
        {
            Node[] others = [.. kept.Where(l => l != ranked[i])];
            if (loss.Of(layers.Restored(others), cancellation) <= points)
                (kept, failed) = ([.. others], 0);
            else
                failed++;
            progress(1 - (1 - BisectedShare) * i / holds);
        }
        return kept;
    }

    /// <summary>The options that the pipeline itself holds with; more layers are kept until it does.</summary>
    private QuantizationOptions Checked(
        double points,
        Loss loss,
        QuantizationOptions quantizes,
        QuantizedLayers layers,
        Node[] ranked,
        List<Node> kept,
        CancellationToken cancellation
    )
    {
        while (kept.Count < ranked.Length)
        {
            QuantizationOptions options = Keeping(quantizes, kept.SelectMany(layers.WeightsOf));
            if (loss.Of(Quantize(options, cancellation), cancellation) <= points)
                return options;
            int more = Math.Max(1, (int)(kept.Count * Widening));
            kept.AddRange([.. ranked.Except(kept).Take(more)]);
        }
        throw new ModelException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"no layer can be quantized so that at most {points:0.##} points are lost; allow more, or calibrate on "
                    + $"data like those that the network will see"
            )
        );
    }

    private static QuantizationOptions Keeping(QuantizationOptions options, IEnumerable<string> weights) =>
        options with
        {
            Keep = [.. options.Keep, .. weights.Distinct(StringComparer.Ordinal).Select(WeightPatterns.Exactly)],
        };

    private Node[] Ranked(
        QuantizedLayers layers,
        Network whole,
        Network quantized,
        IDataSource examples,
        Preprocessing preprocessing,
        CancellationToken cancellation
    )
    {
        IReadOnlyList<LayerError> errors = QuantizationErrors.Of(
            whole,
            quantized,
            examples,
            preprocessing,
            run.Threads,
            cancellation
        );
        return [.. layers.All.Zip(errors).OrderBy(l => l.Second.AloneSqnr).Select(l => l.First)];
    }

    private Network Quantize(QuantizationOptions how, CancellationToken cancellation) =>
        new Compressor(QuantizationRecipe.Of(network, how), run.AsTrial())
            .Run(network, null, cancellation: cancellation)
            .Network;

    private LearningTask TaskOf()
    {
        LearningTask task = new Compressor(QuantizationRecipe.Of(network, quantization), run).TaskFor(network);
        return task is Fidelity ? new Fidelity { IsCautious = true } : task;
    }

    /// <summary>How much networks lose of what the one that went in scores.</summary>
    private sealed class Loss
    {
        private readonly LearningTask task;
        private readonly IDataSource data;
        private readonly Preprocessing preprocessing;
        private readonly int threads;
        private readonly Score before;

        public Loss(
            Network network,
            LearningTask task,
            IDataSource data,
            Preprocessing preprocessing,
            int threads,
            CancellationToken cancellation
        )
        {
            (this.task, this.preprocessing, this.threads) = (task, preprocessing, threads);
            using InferenceSession session = SessionOf(network, cancellation);
            this.data = task.Targeted(network, session, data, preprocessing, cancellation);
            before = task.Evaluate(network, session, this.data, preprocessing, cancellation: cancellation);
        }

        public double Of(Network network, CancellationToken cancellation)
        {
            using InferenceSession session = SessionOf(network, cancellation);
            Score after = task.Evaluate(network, session, data, preprocessing, cancellation: cancellation);
            return task.ComparesWithOriginal
                ? after.Values.Zip(before.Values).Where(v => v.First.Unit is "%" or "").Max(Lost)
                : after.PointsLostSince(before);
        }

        private static double Lost((MetricValue After, MetricValue Before) values) =>
            values.After.PointsLostSince(values.Before);

        private InferenceSession SessionOf(Network network, CancellationToken cancellation) =>
            new InferenceModel(network, new InferenceOptions { Threads = threads }).CreateSession(cancellation);
    }
}
