using Decant.Benchmarking;
using Decant.Core;
using Decant.Data;
using Decant.Formats.Onnx;
using Decant.Pipelines;
using Decant.Reports;
using Decant.Runs;
using Decant.Speed;

namespace Decant.Bench;

/// <summary>
/// ResNet-56 cut as the recipe resnet-pruning cuts it, against itself whole, in the managed runtime and in ONNX
/// Runtime. Times depend on the shape alone, so that nothing is trained here: what the recipe cuts is cut, and its
/// training left out.
/// </summary>
internal sealed class ThinnedBenchmark : IBenchmark
{
    private const string Model = "resnet56-cifar10";

    /// <inheritdoc/>
    public string Name => "thinned";

    /// <inheritdoc/>
    public string Description =>
        "ResNet-56 as its recipe thins it against itself whole, in the managed runtime and in ONNX Runtime";

    /// <inheritdoc/>
    public IReadOnlyList<ResultRow> Run()
    {
        if (OnnxRuntimeLibrary.Problem is { } problem)
            throw new DecantException(problem);
        Console.Error.WriteLine(Conditions.Here(withOnnxRuntime: true));
        using var folder = new ScratchFolder();
        string whole = RuntimeBenchmark.PathOf(Model),
            thin = folder["thin.onnx"];
        Network network = Models.Load(whole),
            thinned = Thinned(network);
        OnnxWriter.Save(thinned, thin);
        double macs = (double)NetworkReport.Of(network).Macs / NetworkReport.Of(thinned).Macs;
        return
        [
            ResultRow.AtLeast($"{Model}, thinned: fewer multiply-accumulates", macs, 2.0, 2.6, "x"),
            .. Times(whole, thin),
        ];
    }

    private static IEnumerable<ResultRow> Times(string whole, string thin)
    {
        using RuntimeContender ours = new(whole, 1, 1),
            oursThin = new(thin, 1, 1);
        using OnnxRuntimeContender theirs = new(whole, 1, 1),
            theirsThin = new(thin, 1, 1);
        Speed.Turns turns = Speed.Turns.Take([ours, oursThin, theirs, theirsThin], new TurnOptions());
        yield return Row("managed runtime", turns, 0, 1.7);
        yield return Row("ONNX Runtime", turns, 2, 1.6);
    }

    private static ResultRow Row(string runtime, Speed.Turns turns, int whole, double must)
    {
        Timing ratio = turns.Ratio(whole, whole + 1);
        return ResultRow.AtLeast(
            $"{Model}, thinned, {runtime}: {turns.Of(whole + 1).Median:0.0000} ms, whole "
                + $"{turns.Of(whole).Median:0.0000} ms (quartiles {ratio.Low:0.00} to {ratio.High:0.00})",
            ratio.Median,
            must,
            2.2,
            "x"
        );
    }

    private static Network Thinned(Network network)
    {
        Pipeline recipe = ShippedRecipes.Load("resnet-pruning", network);
        recipe = recipe with
        {
            HoldOut = 0,
            Stages =
            [
                .. recipe.Stages.Select(s =>
                    s with
                    {
                        Training = null,
                        Uses = [.. s.Uses.Where(u => !u.Technique.NeedsTraining)],
                    }
                ),
            ],
        };
        LabelledImages images = Datasets.OpenImages("cifar-10", DataRoot.Resolve(), DatasetPart.Train).First(1024);
        return new Compressor(recipe, new CompressionOptions { Train = images }).Run(network, null).Network;
    }
}
