using Decant.Benchmarking;
using Decant.Core;
using Decant.Core.Operators;
using Decant.Data;
using Decant.Formats.Onnx;
using Decant.Quantization;
using Decant.Reports;
using Decant.Runs;
using Decant.Runtime;

namespace Decant.Bench;

/// <summary>
/// Real models of other kinds at 8 bits, weights and activations, without labels: how near the answers stay, which
/// layers stay floats, and whether ONNX Runtime answers to the exported file what the managed runtime answers.
/// </summary>
internal sealed class WildModelsBenchmark : IBenchmark
{
    // Points that may be lost: as many as the goal of the cosine similarity allows.
    private const double Within = 0.1;

    private const int Compared = 4;

    /// <inheritdoc/>
    public string Name => "wild";

    /// <inheritdoc/>
    public string Description =>
        "detectors, recognizers, sound models at 8 bits by fidelity, and their exports in ONNX Runtime";

    /// <inheritdoc/>
    public IReadOnlyList<ResultRow> Run()
    {
        Console.Error.WriteLine(Conditions.Here(withOnnxRuntime: true));
        return [.. WildModel.All().SelectMany(Of)];
    }

    private static IEnumerable<ResultRow> Of(WildModel model)
    {
        QuantizationResult result;
        try
        {
            result = Quantize(model);
        }
        catch (ModelException e)
        {
            Console.Error.WriteLine($"  {model.Name}: {e.Message}");
            return [ResultRow.AtLeast($"{model.Name}: {e.Message}", 0, 0.995, 0.999, "")];
        }
        return [.. Fidelities(model, result), .. Exported(model, QdqWeights.Of(result.Network))];
    }

    private static QuantizationResult Quantize(WildModel model) =>
        new PostTrainingQuantization(
            new QuantizationOptions { KeepsWithin = Within, Preprocessing = model.Preprocessing },
            new CompressionOptions
            {
                Train = model.Train,
                Test = model.Test,
                Task = new Fidelity(),
            }
        ).Run(model.Network, null);

    private static IEnumerable<ResultRow> Fidelities(WildModel model, QuantizationResult result)
    {
        Score score = result.Report.After!;
        int layers = result.Errors.Count + result.KeptLayers;
        string name = $"{model.Name}, {result.KeptLayers} of {layers} layers floats";
        Console.Error.WriteLine($"  {name}: {score}");
        yield return ResultRow.AtLeast(
            $"{name}: least cosine similarity of an output, {score.Count} examples",
            score.Values.Where(v => v.Name.StartsWith("cosine", StringComparison.Ordinal)).Min(v => v.Value),
            0.995,
            0.999,
            ""
        );
        foreach (
            MetricValue agreement in score.Values.Where(v => v.Name.StartsWith("agreement", StringComparison.Ordinal))
        )
            yield return ResultRow.AtLeast($"{model.Name}: {agreement.Name}", 100 * agreement.Value, 99, 99.9, "%");
    }

    private static IEnumerable<ResultRow> Exported(WildModel model, Network network)
    {
        NetworkFeed feed = NetworkFeed.Of(network, model.Test, model.Preprocessing);
        FedBatch[] batches = [.. Enumerable.Range(0, Compared).Select(i => feed.Read([i]))];
        using InferenceSession ours = new InferenceModel(network).CreateSession();
        foreach (bool optimizes in new[] { true, false })
        {
            using var theirs = new OnnxRuntimeSession(network, new OnnxRuntimeOptions { Optimizes = optimizes });
            double most = batches.Max(b => Difference(ours.Run(b.Inputs), theirs.Run(b.Inputs)));
            string how = optimizes ? "optimized" : "not optimized";
            yield return ResultRow.Reported(
                $"{model.Name}: export in ONNX Runtime, {how}: largest difference over the largest output",
                100 * most,
                "%"
            );
        }
        if (network.Inputs.Length > 1)
            yield break;
        Node[] quantizers = [.. network.Nodes.Where(n => n.Operator is QuantizeLinear)];
        using var pieces = new LayerPieces(network, [.. quantizers.Select(q => q.Outputs[0])]);
        int levels = 0;
        foreach (FedBatch batch in batches)
        foreach (var (own, peer) in pieces.Compare(batch.Inputs[0]))
            for (int i = 0; i < own.Length; i++)
                levels = Math.Max(levels, Math.Abs(own[i] - peer[i]));
        yield return ResultRow.AtMost(
            $"{model.Name}: levels by which a layer's code differs in ONNX Runtime, of the same inputs",
            levels,
            1,
            null,
            ""
        );
    }

    private static double Difference(IReadOnlyList<Tensor> ours, IReadOnlyList<Tensor> theirs)
    {
        double most = 0;
        foreach (var (own, peer) in ours.Zip(theirs))
        {
            float[] a = own.Array<float>(),
                b = peer.Array<float>();
            double largest = Math.Max(1e-6, a.Max(Math.Abs));
            most = Math.Max(most, a.Zip(b, (x, y) => Math.Abs(x - y)).Max() / largest);
        }
        return most;
    }
}
