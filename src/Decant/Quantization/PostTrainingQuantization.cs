using System.Collections.Immutable;
using Decant.Core;
using Decant.Data;
using Decant.Pipelines;
using Decant.Reports;
using Decant.Runs;

namespace Decant.Quantization;

/// <summary>
/// Quantizes networks after training: chooses bits of layers where a size or a loss is asked for, runs the pipeline
/// that follows from the options, and measures what quantization does to each layer.
/// </summary>
/// <example>
/// <code>
/// var quantization = new PostTrainingQuantization(
///     new QuantizationOptions { WeightBits = 4 },
///     new CompressionOptions { Train = train, Test = test }
/// );
/// QuantizationResult result = quantization.Run(Models.Load("resnet20.onnx"), "resnet20.dcnt");
/// </code>
/// </example>
public sealed class PostTrainingQuantization
{
    private const int HeldOut = 2000;

    // Of a run that chooses bits, nearly all is that.
    private const double ChoiceShare = 0.9;

    private readonly QuantizationOptions quantization;
    private readonly CompressionOptions run;
    private readonly IDataSource? train;

    /// <summary>Takes the options.</summary>
    /// <param name="quantization">How networks are quantized.</param>
    /// <param name="run">What it is done with: training data, which ranges are taken from, and which weights alone that
    /// are rounded to the nearest can do without; test data, if results are to be scored; the seed.</param>
    /// <exception cref="OptionsException">An option is out of its range, or options contradict each other.</exception>
    /// <exception cref="DataException">There are no training data, and they are needed.</exception>
    public PostTrainingQuantization(QuantizationOptions quantization, CompressionOptions run)
    {
        this.run = run;
        this.quantization = quantization.Checked() with
        {
            Preprocessing = run.Preprocessing ?? quantization.Preprocessing,
        };
        train = run.Train;
        if (train is null && run.Parameters is not null && quantization.BiasSamples > 0)
            throw new DataException(
                "biases are corrected on training data; give some, or correct no biases: quantization parameters do "
                    + "without"
            );
        if (train is null && run.Parameters is null && quantization.NeedsData)
            throw new DataException("quantization after training needs training data to calibrate on");
    }

    /// <summary>Quantizes a network, which is not changed.</summary>
    /// <param name="network">The network.</param>
    /// <param name="file">Where the container goes; null to write none.</param>
    /// <param name="progress">Told what happens.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="DecantException">The data do not fit the network, nothing is left to quantize, a pattern to
    /// keep matches nothing, or no choice of bits or layers is as small or as good as asked.</exception>
    public QuantizationResult Run(
        Network network,
        string? file,
        IProgress<RunProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        QuantizationOptions options = WithGiven(network);
        IDataSource? seen = train;
        bool chooses = options is not { MaxBytes: null, MaxPointsLost: null, KeepsWithin: null };
        if (chooses)
            (options, seen) = Choose(network, train!, progress, cancellation);
        Pipeline pipeline = QuantizationRecipe.Of(network, options);
        var compressor = new Compressor(pipeline, run);
        (Network quantized, CompressionReport report) = compressor.Run(
            network,
            file,
            chooses && progress is not null ? new Rest(progress) : progress,
            cancellation
        );
        Network whole = NetworkValues.Prepared(network, options);
        IReadOnlyList<LayerError> errors = seen is null
            ? []
            : QuantizationErrors.Of(
                whole,
                quantized,
                seen,
                compressor.PreprocessingFor(network),
                run.Threads,
                cancellation
            );
        return new QuantizationResult(options, quantized, pipeline, report, errors)
        {
            Weights = options.WeightsOnly || seen is null ? WeightError.Of(whole, quantized) : [],
        };
    }

    /// <summary>The options with the bits of weights whose parameters are given.</summary>
    private QuantizationOptions WithGiven(Network network)
    {
        if (run.Parameters is not { } given)
            return quantization;
        if (quantization is not { MaxBytes: null, MaxPointsLost: null, KeepsWithin: null })
            throw new OptionsException(
                "parameters",
                "bits and layers are chosen by calibration, and quantization parameters are given: ask for one of them"
            );
        if (given.Weights.Count > 0 && quantization.Rounding == WeightRounding.Adaptive)
            throw new OptionsException(
                "parameters",
                "weights whose scales are given are rounded to the nearest: leave out 'rounding: adaptive', or "
                    + "'weights' of the quantization parameters"
            );
        string[] chosen = QuantizationRecipe.WeightsOf(network, quantization);
        if (given.Weights.Keys.FirstOrDefault(k => !chosen.Contains(k, StringComparer.Ordinal)) is { } unknown)
            throw new ModelException(
                $"quantization parameters are given for '{unknown}', which is no weight that is quantized here; there "
                    + $"are {NameList.Of(chosen)}"
            );
        var bits = new Dictionary<string, int>(
            quantization.BitsOf ?? ImmutableDictionary<string, int>.Empty,
            StringComparer.Ordinal
        );
        foreach (var (name, weight) in given.Weights)
            bits[name] = weight.Bits;
        return quantization with { BitsOf = bits };
    }

    /// <summary>
    /// The options with bits for each weight, or with the layers that stay floats; by loss, what is seen becomes what
    /// is not held out.
    /// </summary>
    private (QuantizationOptions Options, IDataSource Seen) Choose(
        Network network,
        IDataSource seen,
        IProgress<RunProgress>? progress,
        CancellationToken cancellation
    )
    {
        QuantizationOptions options = quantization;
        Preprocessing pixels = options.Preprocessing ?? Preprocessings.Of(network, seen);
        void Report(double done) =>
            progress?.Report(
                new RunProgress(
                    options.KeepsWithin is null ? "choose bits" : "choose layers",
                    1,
                    1,
                    options.KeepsWithin is null ? "each layer at each bit width" : "each layer quantized alone",
                    null,
                    ChoiceShare * done
                )
            );
        if (options.KeepsWithin is { } within)
            return Keep(network, within, seen, pixels, Report, cancellation);
        if (options.MaxPointsLost is not { } points)
            return (
                new MixedPrecision(network, options, run).FitSize(
                    options.MaxBytes!.Value,
                    seen,
                    pixels,
                    Report,
                    cancellation
                ),
                seen
            );
        options = options with { HoldOut = Math.Min(HeldOut, seen.Count / 2) };
        (seen, IDataSource heldOut) = seen.Split(options.HoldOut, run.Seed);
        return (
            new MixedPrecision(network, options, run).FitAccuracy(points, seen, heldOut, pixels, Report, cancellation),
            seen
        );
    }

    private (QuantizationOptions Options, IDataSource Seen) Keep(
        Network network,
        double points,
        IDataSource seen,
        Preprocessing pixels,
        Action<double> progress,
        CancellationToken cancellation
    )
    {
        QuantizationOptions options = quantization with { HoldOut = Math.Min(HeldOut, seen.Count / 2) };
        (seen, IDataSource heldOut) = seen.Split(options.HoldOut, run.Seed);
        if (heldOut.Count == 0)
            throw new DataException("layers are chosen on a validation set, half of the training data: give more");
        var layers = new FloatLayers(network, options, run);
        return (layers.Fit(points, seen, heldOut, pixels, progress, cancellation), seen);
    }

    /// <summary>The rest of the work once bits are chosen.</summary>
    private sealed class Rest(IProgress<RunProgress> progress) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) =>
            progress.Report(value with { Done = ChoiceShare + (1 - ChoiceShare) * value.Done });
    }
}
