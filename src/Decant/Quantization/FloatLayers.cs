using System.Globalization;
using Decant.Core;
using Decant.Data;
using Decant.Pipelines;
using Decant.Runs;
using Decant.Runtime;

namespace Decant.Quantization;

/// <summary>
/// Finds the layers that stay floats so that quantization loses no more than asked: those that cost the network's
/// answers most when they alone are quantized, as few of them as hold on examples that nothing was calibrated on.
/// </summary>
/// <param name="network">The network.</param>
/// <param name="quantization">How it is quantized.</param>
/// <param name="run">What it is quantized with.</param>
internal sealed class FloatLayers(Network network, QuantizationOptions quantization, CompressionOptions run)
{
    // What was found on layers given back is checked on the pipeline's own result, and widened by this much.
    private const double Widening = 1.5;

    private const double RankingShare = 0.7;

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
        var loss = new Loss(DynamicBatch.Of(network), TaskOf(), heldOut, preprocessing, run.Threads, cancellation);
        Network quantized = Quantize(quantization, cancellation);
        if (loss.Of(quantized, cancellation) <= points)
            return quantization;
        Network whole = NetworkValues.Prepared(network, quantization);
        var layers = new QuantizedLayers(whole, quantized);
        Node[] ranked = Ranked(layers, whole, quantized, examples, preprocessing, cancellation);
        progress(RankingShare);
        int holds = ranked.Length,
            fails = 0;
        while (holds - fails > 1)
        {
            int middle = (holds + fails) / 2;
            if (loss.Of(layers.Restored(ranked.Take(middle)), cancellation) <= points)
                holds = middle;
            else
                fails = middle;
            progress(1 - (1 - RankingShare) * (holds - fails) / ranked.Length);
        }
        return Checked(points, loss, layers, ranked, holds, cancellation);
    }

    /// <summary>The options that the pipeline itself holds with; more layers are kept until it does.</summary>
    private QuantizationOptions Checked(
        double points,
        Loss loss,
        QuantizedLayers layers,
        Node[] ranked,
        int count,
        CancellationToken cancellation
    )
    {
        double least = double.PositiveInfinity;
        while (count < ranked.Length)
        {
            QuantizationOptions options = Keeping(ranked.Take(count).Select(layers.WeightOf));
            least = loss.Of(Quantize(options, cancellation), cancellation);
            if (least <= points)
                return options;
            count = Math.Min(ranked.Length, Math.Max(count + 1, (int)(count * Widening)));
        }
        throw new ModelException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"no layer can be quantized so that at most {points:0.##} points are lost; allow more, or calibrate on "
                    + $"data like those that the network will see"
            )
        );
    }

    private QuantizationOptions Keeping(IEnumerable<string> weights) =>
        quantization with
        {
            Keep = [.. quantization.Keep, .. weights.Distinct(StringComparer.Ordinal).Select(WeightPatterns.Exactly)],
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

    private LearningTask TaskOf() => new Compressor(QuantizationRecipe.Of(network, quantization), run).TaskFor(network);

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
