using System.Runtime.InteropServices;
using Decant.Core;
using Decant.Core.Operators;
using Decant.Data;
using Decant.Techniques;
using Decant.Techniques.Equalization;
using Decant.Techniques.Folding;
using Decant.Techniques.Statistics;

namespace Decant.Quantization;

/// <summary>
/// Measures where quantization loses: 10·log₁₀(Σx² / Σ(x − x̂)²) of values of a network and of the same
/// quantized.
/// </summary>
public sealed class QuantizationErrors
{
    // Enough examples for an error that ranks layers. Each layer is run alone on them, so that of large networks fewer
    // are taken: so many that all activations of all these runs have no more elements than this.
    private const int MostExamples = 64,
        LeastExamples = 4;
    private const long LargestWork = 1L << 29;

    private readonly Network whole,
        quantized;
    private readonly IDataSource data;
    private readonly Preprocessing preprocessing;
    private readonly int threads;
    private readonly CancellationToken cancellation;
    private readonly Dictionary<string, List<float>> answers = new(StringComparer.Ordinal);

    private QuantizationErrors(
        Network network,
        Network quantized,
        IDataSource data,
        Preprocessing preprocessing,
        int threads,
        CancellationToken cancellation
    )
    {
        (this.quantized, this.preprocessing, this.threads, this.cancellation) = (
            quantized,
            preprocessing,
            threads,
            cancellation
        );
        whole = NetworkValues.Folded(network);
        int layers = quantized.Nodes.Count(n => n.Operator is LinearOperator);
        var pass = new ActivationPass(data, preprocessing);
        this.data = data.First(pass.ExamplesWithin(whole, layers, LargestWork, LeastExamples, MostExamples));
    }

    /// <summary>The error of each layer whose weight is linear, in the network's order.</summary>
    /// <param name="network">The network as it was right before numbers were rounded: evened out, if that was
    /// done.</param>
    /// <param name="quantized">The network quantized from it.</param>
    /// <param name="data">Examples to measure on, of which the first are taken.</param>
    /// <param name="preprocessing">The preprocessing.</param>
    /// <param name="threads">The most threads, 0 for one a processor; results do not depend on it.</param>
    /// <param name="cancellation">Stops, between layers.</param>
    /// <exception cref="ModelException">No output of the network holds floats for each example.</exception>
    public static IReadOnlyList<LayerError> Of(
        Network network,
        Network quantized,
        IDataSource data,
        Preprocessing preprocessing,
        int threads = 0,
        CancellationToken cancellation = default
    )
    {
        var errors = new QuantizationErrors(network, quantized, data, preprocessing, threads, cancellation);
        var layers = new QuantizedLayers(errors.whole, quantized);
        double[] together = errors.Together([.. layers.All.Select(l => QuantizedLayers.OutputOf(l))]);
        return
        [
            .. layers.All.Select(
                (l, i) =>
                    new LayerError(
                        l.Name,
                        layers.WeightsOf(l)[0],
                        quantized.Weights[layers.WeightsOf(l)[0]].Encoding.Bits,
                        together[i],
                        errors.Alone(layers.Alone(l))
                    )
            ),
        ];
    }

    /// <summary>Of each activation, all weights and activations quantized; keeps the network's answers.</summary>
    private double[] Together(string[] activations)
    {
        var sums = new NoiseSums(activations.Length);
        string[] outputs = FloatOutputs();
        using var first = new NetworkObserver(whole, activations.Concat(outputs), threads);
        using var second = new NetworkObserver(quantized, activations, threads);
        new ActivationPass(data, preprocessing).Run(
            [first, second],
            _ =>
            {
                if (answers.Count == 0)
                    foreach (string output in outputs.Where(first.IsOfExamples))
                        answers[output] = [];
                foreach (var (output, values) in answers)
                    values.AddRange(first[output].Values);
                for (int i = 0; i < activations.Length; i++)
                    sums.Add(i, Values(first, activations[i]), Values(second, activations[i]));
            },
            cancellation: cancellation
        );
        if (answers.Count == 0)
            throw new ModelException(
                $"errors are measured on outputs that hold floats for each example, and '{whole.Name}' has none"
            );
        return [.. Enumerable.Range(0, activations.Length).Select(sums.Decibels)];
    }

    // Layers inside a network may have other axes first than that of the examples.
    private static ReadOnlySpan<float> Values(NetworkObserver observer, string activation) =>
        observer.IsOfExamples(activation) ? observer[activation].Values : observer.All(activation);

    /// <summary>Outputs of floats; of whether axis 0 is the batch a run tells.</summary>
    private string[] FloatOutputs()
    {
        var shapes = NetworkShapes.Of(whole);
        return
        [
            .. whole
                .Outputs.Select(o => (Name: FloatsOf(o.Name), Declared: o.Type))
                .Where(o => (shapes[o.Name] ?? o.Declared).Type == ElementType.Float32)
                .Select(o => o.Name)
                .Distinct(StringComparer.Ordinal),
        ];
    }

    // Outputs of half precision are made of floats.
    private string FloatsOf(string output) =>
        whole.Graph.Producer(output) is { Operator: Cast } cast ? cast.Inputs[0] : output;

    /// <summary>Of the network's output that suffers most, one layer quantized.</summary>
    private double Alone(Network one)
    {
        string[] outputs = [.. answers.Keys];
        var sums = new NoiseSums(outputs.Length);
        var seen = new int[outputs.Length];
        using var observer = new NetworkObserver(one, outputs, threads);
        new ActivationPass(data, preprocessing).Run(
            [observer],
            _ =>
            {
                for (int i = 0; i < outputs.Length; i++)
                {
                    ReadOnlySpan<float> now = observer[outputs[i]].Values;
                    sums.Add(i, CollectionsMarshal.AsSpan(answers[outputs[i]]).Slice(seen[i], now.Length), now);
                    seen[i] += now.Length;
                }
            },
            cancellation: cancellation
        );
        return sums.LeastDecibels();
    }
}

/// <summary>What quantization does to one layer.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="Weight">Its weight's name.</param>
/// <param name="Bits">Bits of the weight.</param>
/// <param name="Sqnr">Signal to quantization noise of the layer's output, everything quantized, in dB.</param>
/// <param name="AloneSqnr">The same of the network's output, of several the one with the least, this layer alone
/// quantized, its weight and what it reads, in dB: the layer with the least is the most sensitive.</param>
public sealed record LayerError(string Layer, string Weight, int Bits, double Sqnr, double AloneSqnr);

/// <summary>
/// Statistics of all float values of a network, batch normalizations folded as quantization folds them.
/// </summary>
public static class NetworkValues
{
    /// <summary>Collects the distributions of the inputs and of what nodes make of them.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">Examples.</param>
    /// <param name="count">How many of them, drawn by seed.</param>
    /// <param name="preprocessing">What is done to pixels; null for the network's own, else pixel / 255.</param>
    /// <param name="seed">Decides which examples.</param>
    /// <param name="threads">The most threads, 0 for one a processor; results do not depend on it.</param>
    /// <param name="progress">Told how much is done, of one.</param>
    /// <param name="cancellation">Stops, between layers.</param>
    /// <exception cref="DecantException">The examples do not fit the network, or an activation is not
    /// finite.</exception>
    public static NetworkStatistics Statistics(
        Network network,
        IDataSource data,
        int count,
        Preprocessing? preprocessing,
        ulong seed = 1,
        int threads = 0,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default
    )
    {
        Network folded = Folded(network);
        var shapes = NetworkShapes.Of(folded);
        IEnumerable<string> names = folded
            .Inputs.Select(i => i.Name)
            .Concat(folded.Nodes.SelectMany(n => n.Outputs).Where(o => o.Length > 0))
            .Where(v => shapes[v] is { Type: ElementType.Float32, Shape.Rank: > 1 });
        return NetworkStatistics.Collect(
            folded,
            names,
            count,
            data,
            preprocessing ?? Preprocessings.Of(network, data),
            seed,
            threads,
            progress,
            cancellation
        );
    }

    /// <summary>The network as it is right before numbers are rounded, which computes the same as it did.</summary>
    internal static Network Prepared(Network network, QuantizationOptions options)
    {
        Network folded = Folded(network);
        return options.Equalizes ? Applied(new CrossLayerEqualization(), folded) : folded;
    }

    /// <summary>The network with a dynamic batch and without batch normalizations that can be folded.</summary>
    internal static Network Folded(Network network)
    {
        return Applied(new BatchNormFolding(), DynamicBatch.OrFixed(network));
    }

    private static Network Applied(Technique technique, Network network) =>
        technique.Plan(new TechniqueContext(network, [])).Aggregate(network, (n, change) => change.Apply(n));
}
