using Decant.Benchmarking;
using Decant.Core;
using Decant.Core.Operators;
using Decant.Data;
using Decant.Reports;
using Decant.Runtime;

namespace Decant.Bench;

/// <summary>
/// Whether ONNX Runtime answers to QDQ models what the managed runtime answers: codes of every layer, and classes.
/// </summary>
internal sealed class QdqBenchmark : IBenchmark
{
    private const int Batch = 20,
        LayerImages = 100;

    /// <inheritdoc/>
    public string Name => "qdq";

    /// <inheritdoc/>
    public string Description =>
        "8-bit LeNets, ResNets and SqueezeNet in ONNX Runtime: every layer's codes and all classes against "
        + "the managed runtime's";

    /// <inheritdoc/>
    public IReadOnlyList<ResultRow> Run()
    {
        if (OnnxRuntimeLibrary.Problem is { } problem)
            throw new DecantException(problem);
        return
        [
            .. new[]
            {
                "lenet-300-100-caffe",
                "lenet-5-caffe",
                "resnet20-cifar10",
                "resnet56-cifar10",
                "squeezenet-v1.0-imagenet",
            }.SelectMany(Of),
        ];
    }

    private static IEnumerable<ResultRow> Of(string model)
    {
        QuantizedModel quantized = QuantizedModel.Of(model);
        (double share, int most) = Codes(quantized);
        (int differ, int images, double ours, double theirs) = Classes(quantized);
        Console.Error.WriteLine(
            $"  {model}: {share:0.000000} of codes differ, by {most} at most; {differ} of {images} classes "
                + $"differ; {ours:0.00} and {theirs:0.00} %"
        );
        yield return ResultRow.AtMost(
            $"{model}: levels by which a layer's code differs, of the same inputs",
            most,
            1,
            0,
            ""
        );
        yield return ResultRow.Reported($"{model}: codes that differ", 100 * share, "%");
        yield return ResultRow.AtMost($"{model}: classes that differ, of {images:N0}, ties apart", differ, 0, null, "");
        yield return ResultRow.Reported($"{model}: accuracy, managed runtime", ours, "%");
        yield return ResultRow.Reported($"{model}: accuracy, ONNX Runtime", theirs, "%");
    }

    /// <summary>
    /// Of each layer by itself: ONNX Runtime is given what the managed runtime made of the layers before.
    /// </summary>
    private static (double Share, int Most) Codes(QuantizedModel model)
    {
        var network = model.Network;
        Node[] quantizers = [.. network.Nodes.Where(n => n.Operator is QuantizeLinear)];
        var source = new BatchSource(
            model.Test.First(LayerImages),
            model.Preprocessing,
            new BatchOptions { Size = Batch, Shuffle = false }
        );
        long differ = 0,
            all = 0;
        int most = 0;
        using var pieces = new LayerPieces(network, [.. quantizers.Select(q => q.Outputs[0])]);
        for (int b = 0; b < source.Batches; b++)
            foreach (var (ours, theirs) in pieces.Compare(Images(source, b, network)))
                for (int i = 0; i < ours.Length; i++)
                {
                    int off = Math.Abs(ours[i] - theirs[i]);
                    (all, differ, most) = (all + 1, differ + (off > 0 ? 1 : 0), Math.Max(most, off));
                }
        return ((double)differ / all, most);
    }

    private static (int Differ, int Images, double Ours, double Theirs) Classes(QuantizedModel model)
    {
        using InferenceSession ours = new InferenceModel(
            model.Network,
            new InferenceOptions { Threads = 0 }
        ).CreateSession();
        using var theirs = new OnnxRuntimeSession(model.Network);
        var source = new BatchSource(
            model.Test,
            model.Preprocessing,
            new BatchOptions { Size = Batch, Shuffle = false }
        );
        int differ = 0,
            right = 0,
            theirsRight = 0,
            image = 0;
        for (int b = 0; b < source.Batches; b++)
        {
            Tensor images = Images(source, b, model.Network);
            float[] mine = ours.Run([images])[0].Array<float>(),
                peer = theirs.Run([images])[0].Array<float>();
            int classes = mine.Length / images.Shape[0];
            for (int i = 0; i < images.Shape[0]; i++, image++)
            {
                ReadOnlySpan<float> a = mine.AsSpan(i * classes, classes),
                    c = peer.AsSpan(i * classes, classes);
                int first = Best(a),
                    second = Best(c);
                if (first != second && !IsTie(a, first, second) && !IsTie(c, first, second))
                    differ++;
                right += first == model.Test.Labels[image] ? 1 : 0;
                theirsRight += second == model.Test.Labels[image] ? 1 : 0;
            }
        }
        return (differ, image, 100.0 * right / image, 100.0 * theirsRight / image);
    }

    private static Tensor Images(BatchSource source, int batch, Network network)
    {
        int count = source.CountOf(batch);
        var (pixels, labels) = (new float[count * source.Data.ImageSize], new long[count]);
        source.Fill(batch, pixels, labels);
        return Tensor.Of(network.Inputs[0].Type.Shape!.Value.With(0, count), pixels);
    }

    private static int Best(ReadOnlySpan<float> scores)
    {
        int best = 0;
        for (int i = 1; i < scores.Length; i++)
            if (scores[i] > scores[best])
                best = i;
        return best;
    }

    private static bool IsTie(ReadOnlySpan<float> scores, int a, int b) => scores[a] == scores[b];
}
