using Decant.Benchmarking;
using Decant.Coding;
using Decant.Core;
using Decant.Pipelines;
using Decant.Reports;
using Decant.Runs;
using Decant.Speed;

namespace Decant.Bench;

/// <summary>
/// The managed runtime against ONNX Runtime, by turns in one process: runs of published networks, and loading a small
/// file.
/// </summary>
internal sealed class RuntimeBenchmark : IBenchmark
{
    private const string Squeeze = "squeezenet-v1.0-imagenet";

    private static readonly string[] Dense =
    [
        "lenet-300-100-caffe",
        "lenet-5-caffe",
        "resnet20-cifar10",
        "resnet56-cifar10",
        Squeeze,
    ];
    private static readonly string[] Sparse = ["lenet-300-100-dns", "lenet-5-dns"];

    /// <inheritdoc/>
    public string Name => "runtime";

    /// <inheritdoc/>
    public string Description =>
        "published networks in the managed runtime against ONNX Runtime, by turns; loading; allocation";

    /// <inheritdoc/>
    public IReadOnlyList<ResultRow> Run()
    {
        if (OnnxRuntimeLibrary.Problem is { } problem)
            throw new DecantException(problem);
        Console.Error.WriteLine(Conditions.Here(withOnnxRuntime: true));
        return [.. Enumerable.Range(1, Math.Min(2, Environment.ProcessorCount)).SelectMany(Of), .. Loading()];
    }

    private static IEnumerable<ResultRow> Of(int threads)
    {
        var conditions = $"batch 1, {threads} thread{(threads > 1 ? "s" : "")}";
        SpeedReport[] dense = [.. Dense.Select(m => Measure(m, threads))],
            sparse = [.. Sparse.Select(m => Measure(m, threads))];
        double mean = Math.Exp(dense.Average(r => -Math.Log(r.Ratio!.Median)));
        string what = $"speed over ONNX Runtime's, geometric mean of {dense.Length} networks, {conditions}";
        return
        [
            .. dense.Select(r => Row(r, conditions, null, null)),
            .. sparse.Select(r => Row(r, conditions, threads == 1 ? 3 : null, threads == 1 ? 8 : null)),
            threads == 1 ? ResultRow.AtLeast(what, mean, 0.9, 1.3, "x") : ResultRow.AtLeast(what, mean, 0.85, 1.2, "x"),
            ResultRow.AtMost(
                $"heap bytes a run, the most of them all, {conditions}",
                dense.Concat(sparse).Max(r => r.Contenders[0].Allocated),
                0,
                null,
                "bytes"
            ),
        ];
    }

    private static ResultRow Row(SpeedReport report, string conditions, double? must, double? goal)
    {
        var (ours, theirs, ratio) = (report.Contenders[0].Run, report.Contenders[1].Run, report.Ratio!);
        string name =
            $"{Path.GetFileNameWithoutExtension(report.Model)}, {conditions}: {ours.Median:0.0000} ms, "
            + $"ONNX Runtime {theirs.Median:0.0000} ms (quartiles {1 / ratio.High:0.00} to {1 / ratio.Low:0.00})";
        return must is { } least
            ? ResultRow.AtLeast(name, 1 / ratio.Median, least, goal, "x")
            : ResultRow.Reported(name, 1 / ratio.Median, "x");
    }

    /// <summary>
    /// SqueezeNet as its authors compressed it, as a container of Huffman codes, against its floats as ONNX.
    /// </summary>
    private static IEnumerable<ResultRow> Loading()
    {
        using var folder = new ScratchFolder();
        string model = PathOf(Squeeze),
            file = folder["squeezenet.dcnt"];
        Network found = new Compressor(ShippedRecipes.Load("lossless", Models.Load(model)), new CompressionOptions())
            .Run(Models.Load(model), null)
            .Network;
        DcntWriter.Save(found, file, DcntWriteOptions.Default with { Effort = CodingEffort.Huffman });
        Tensor[] inputs = RandomInputs.For(found.Inputs, batch: 1);
        Loads loads = Loads.Measure(
            () => RuntimeContender.FirstAnswer(file, inputs, 1),
            () => OnnxRuntimeContender.FirstAnswer(model, inputs, 1),
            15
        );
        return
        [
            ResultRow.Reported(
                $"{Squeeze}.dcnt, {new FileInfo(file).Length:N0} bytes: file to first answer, 1 thread",
                loads.Ours.Median,
                "ms"
            ),
            ResultRow.Reported(
                $"{Squeeze}.onnx, {new FileInfo(model).Length:N0} bytes, in ONNX Runtime: the same",
                loads.Theirs!.Median,
                "ms"
            ),
            ResultRow.AtMost(
                $"file to first answer over ONNX Runtime's (quartiles {loads.Ratio!.Low:0.00} to "
                    + $"{loads.Ratio.High:0.00})",
                loads.Ratio.Median,
                1,
                0.5,
                "x its time"
            ),
        ];
    }

    private static SpeedReport Measure(string model, int threads)
    {
        using var measurement = new SpeedMeasurement(
            PathOf(model),
            new SpeedOptions
            {
                AgainstOnnxRuntime = true,
                Threads = threads,
                Loads = 1,
            }
        );
        SpeedReport report = measurement.Run();
        Console.Error.WriteLine($"  {model}, {threads}: {1 / report.Ratio!.Median:0.00}");
        return report;
    }

    /// <summary>Where a published network lies.</summary>
    /// <exception cref="DecantException">It is not there.</exception>
    public static string PathOf(string model) =>
        Environment.GetEnvironmentVariable("DECANT_DATA") is { Length: > 0 } root
        && Path.Combine(root, "models", $"{model}.onnx") is var path
        && File.Exists(path)
            ? path
            : throw new DecantException($"models/{model}.onnx is not under DECANT_DATA");
}
