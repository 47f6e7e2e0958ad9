using Decant.Benchmarking;
using Decant.Core;
using Decant.Formats.Onnx;
using Decant.Reports;
using Decant.Speed;

namespace Decant.Bench;

/// <summary>
/// Networks in 8 bits against the same in floats, and against ONNX Runtime on the same QDQ file, by turns on one
/// thread.
/// </summary>
internal sealed class Int8Benchmark : IBenchmark
{
    /// <inheritdoc/>
    public string Name => "int8";

    /// <inheritdoc/>
    public string Description =>
        "8-bit ResNet-20 and SqueezeNet against floats, and against ONNX Runtime's 8 bits, by turns";

    /// <inheritdoc/>
    public IReadOnlyList<ResultRow> Run()
    {
        if (OnnxRuntimeLibrary.Problem is { } problem)
            throw new DecantException(problem);
        Console.Error.WriteLine(Conditions.Here(withOnnxRuntime: true));
        using var folder = new ScratchFolder();
        return [.. new[] { "resnet20-cifar10", "squeezenet-v1.0-imagenet" }.SelectMany(m => Of(m, folder))];
    }

    private static IEnumerable<ResultRow> Of(string model, ScratchFolder folder)
    {
        string path = RuntimeBenchmark.PathOf(model),
            file = folder[$"{model}.onnx"];
        OnnxWriter.Save(QuantizedModel.Of(model).Network, file);
        using var bytes = new RuntimeContender(file, 1, 1);
        using var floats = new RuntimeContender(path, 1, 1);
        using var peer = new OnnxRuntimeContender(file, 1, 1);
        Speed.Turns turns = Speed.Turns.Take([bytes, floats, peer], new TurnOptions());
        Timing overFloats = turns.Ratio(1, 0),
            overPeer = turns.Ratio(2, 0);
        Console.Error.WriteLine($"  {model}: {overFloats.Median:0.00}, {overPeer.Median:0.00}");
        string times = $"{turns.Of(0).Median:0.0000} ms";
        yield return ResultRow.AtLeast(
            $"{model}, int8: {times}, floats {turns.Of(1).Median:0.0000} ms (quartiles "
                + $"{overFloats.Low:0.00} to {overFloats.High:0.00})",
            overFloats.Median,
            1,
            1.5,
            "x"
        );
        yield return ResultRow.Reported(
            $"{model}, int8: {times}, ONNX Runtime's int8 {turns.Of(2).Median:0.0000} ms (quartiles "
                + $"{overPeer.Low:0.00} to {overPeer.High:0.00})",
            overPeer.Median,
            "x"
        );
    }
}
