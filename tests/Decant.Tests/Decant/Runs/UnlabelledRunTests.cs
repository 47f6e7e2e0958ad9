using Decant.Core;
using Decant.Data;
using Decant.Pipelines;
using Decant.Quantization;
using Decant.Reports;
using Decant.Runs;
using Decant.Runtime;
using Decant.Sensitivity;
using Decant.Tests.Torch;
using Xunit;

namespace Decant.Tests.Runs;

/// <summary>Networks with several inputs, of several types, and several outputs, on data without targets.</summary>
[Collection("libtorch")]
public sealed class UnlabelledRunTests
{
    private const string Pruning = """
        recipe: prune
        techniques:
          prune: {technique: weight-pruning, weights: "*", level: 0.5}
        stages:
          - name: prune
            use: prune
        """;

    private static readonly Network Original = Build();

    [TorchFact]
    public void QuantizeCalibratesAndScoresWithoutTargets()
    {
        CompressionReport report = Run(
            QuantizationRecipe.Of(Original, new QuantizationOptions { Samples = 64 }).ToYaml(),
            out Network quantized
        );
        Assert.Equal("fidelity", report.Task);
        Assert.Equal((1.0, 40), (report.Before!.Primary.Value, report.Before.Count));
        Assert.Equal(Sqnr(quantized, 0), report.After!["SQNR of scores"], 3);
        Assert.Equal(Sqnr(quantized, 1), report.After["SQNR of map"], 3);
        Assert.InRange(report.After["SQNR of scores"], 25, 100);
        Assert.Equal(report.Stages.Count, report.Stages.Count(s => s.Score is not null));
    }

    [Fact]
    public void CompressScoresWithoutTargets()
    {
        CompressionReport report = Run(Pruning, out Network pruned);
        Assert.Equal(["agreement of scores"], report.After!.Values.Select(v => v.Name).Take(1));
        Assert.Equal(Sqnr(pruned, 1), report.After["SQNR of map"], 3);
        Assert.InRange(report.After["cosine similarity of map"], 0.5, 0.999);
    }

    [Fact]
    public void SensitivityIsThatOfTheAgreement()
    {
        var analysis = new SensitivityAnalysis(
            Original,
            new SensitivityOptions
            {
                Train = Data(200, 1),
                Images = 100,
                Levels = [0.5, 0.9],
            }
        );
        SensitivityReport report = analysis.Run();
        Assert.Equal(("agreement of scores", 1.0), (report.Reference.Primary.Name, report.Reference.Primary.Value));
        Assert.Equal(100, report.Reference.Count);
        Assert.Contains(report.Curves, c => c.Points[^1].Value < 1);
        SensitivityChoice choice = analysis.Choose(report, 0.8);
        Assert.InRange(choice.Score.Primary.Value, 0.8, 1);
    }

    [TorchFact]
    public void BitsAreChosenByThePrimaryMetric()
    {
        var settings = new QuantizationOptions { Samples = 64, ActivationBits = 0 };
        var mixed = new MixedPrecision(Original, settings, Options());
        QuantizationOptions fitted = mixed.FitAccuracy(10, Data(50, 3), Data(200, 4), Preprocessing.None);
        CompressionReport report = Run(QuantizationRecipe.Of(Original, fitted).ToYaml(), out _);
        Assert.All(fitted.BitsOf!.Values, b => Assert.InRange(b, 2, 8));
        Assert.Contains(fitted.BitsOf!.Values, b => b < 8);
        Assert.InRange(report.After!.PointsLostSince(report.Before!), -1, 25);
    }

    [TorchFact]
    public void TrainingForATaskWithoutALossIsRefused()
    {
        const string Trains = "{recipe: t, stages: [{name: train, epochs: 1}]}";
        string refusal = Assert.Throws<DataException>(() => Run(Trains, out _)).Message;
        Assert.Contains("there is no loss for the task 'fidelity'", refusal);
    }

    private static CompressionOptions Options() => new() { Train = Data(100, 1), Torch = TinyRun.OneThread };

    private static CompressionReport Run(string recipe, out Network made)
    {
        (made, CompressionReport report) = new Compressor(
            Pipeline.Parse(recipe, "r"),
            Options() with
            {
                Test = Data(40, 2),
            }
        ).Run(Original, null);
        return report;
    }

    private static double Sqnr(Network network, int output)
    {
        double signal = 0,
            noise = 0;
        using var whole = new ReferenceExecutor(Original);
        using var changed = new ReferenceExecutor(network);
        Tensor[] inputs = [.. NetworkFeed.Of(Original, Data(40, 2), Preprocessing.None).Batches(40).Single().Inputs];
        float[] x = whole.Run(inputs)[output].Array<float>(),
            y = changed.Run(inputs)[output].Array<float>();
        for (int i = 0; i < x.Length; i++)
            (signal, noise) = (signal + (double)x[i] * x[i], noise + Math.Pow((double)x[i] - y[i], 2));
        return 10 * Math.Log10(signal / noise);
    }

    private static ArraySource Data(int count, ulong seed)
    {
        var random = Rng.For(seed, "unlabelled");
        long[] ids = [.. Enumerable.Range(0, 3 * count).Select(_ => (long)random.Next(10))];
        float[] mask = [.. Enumerable.Range(0, 4 * count).Select(_ => (float)random.NextNormal())];
        return new ArraySource(
            "unlabelled",
            [new("mask", Tensor.Of(new Shape(count, 4), mask)), new("ids", Tensor.Of(new Shape(count, 3), ids))]
        );
    }

    private static Network Build()
    {
        var random = Rng.For(1, "weights");
        Weight Some(string name, params int[] dims)
        {
            var shape = new Shape(dims);
            return new(
                name,
                Tensor.Of(
                    shape,
                    Enumerable.Range(0, (int)shape.Count).Select(_ => (float)random.NextNormal()).ToArray()
                )
            );
        }
        ValueInfo Value(string name, ElementType type, params int[] dims) =>
            new(name, new TensorType(type, new Shape(dims)));
        Node Node(string type, string[] inputs, string output) =>
            new(output, OperatorCatalogue.Create(type, Attributes.None), [.. inputs], [output]);
        return new Network(
            "several",
            [Value("ids", ElementType.Int64, -1, 3), Value("mask", ElementType.Float32, -1, 4)],
            [Value("scores", ElementType.Float32, -1, 5), Value("map", ElementType.Float32, -1, 3, 4)],
            [
                Node("Gather", ["table", "ids"], "embedded"),
                Node("Relu", ["embedded"], "map"),
                Node("Flatten", ["map"], "flat"),
                Node("MatMul", ["flat", "first"], "left"),
                Node("MatMul", ["mask", "second"], "right"),
                Node("Add", ["left", "right"], "scores"),
            ],
            [Some("table", 10, 4), Some("first", 12, 5), Some("second", 4, 5)]
        );
    }
}
