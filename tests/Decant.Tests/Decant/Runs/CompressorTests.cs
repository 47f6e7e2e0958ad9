using System.Text.Json;
using Decant.Coding;
using Decant.Core;
using Decant.Data;
using Decant.Pipelines;
using Decant.Reports;
using Decant.Runs;
using Decant.Runtime;
using Decant.Tests.Data;
using Decant.Tests.Torch;
using Decant.Training;
using Decant.Zoo;
using Xunit;

namespace Decant.Tests.Runs;

[Collection("libtorch")]
public sealed class CompressorTests
{
    [TorchFact]
    public void TheSameSeedGivesTheSameFileAndAnotherSeedAnother()
    {
        byte[] first = TinyRun.Run(TinyRun.Options(null)).Bytes;
        Assert.Equal(first, TinyRun.Run(TinyRun.Options(null)).Bytes);
        Assert.NotEqual(first, TinyRun.Run(TinyRun.Options(null) with { Seed = 2 }).Bytes);
    }

    [Fact]
    public void WhereZerosBringNoSpeedOrNothingBecomesSmallerTheReportSaysSo()
    {
        Network network = Architectures.Create("lenet-5", 1);
        Assert.Empty(Notes(network, ""));
        string[] half = Notes(network, "level: 0.5");
        Assert.Contains("no faster there: 4 of 4 pruned layers", half.Single());
        Assert.Contains("(conv1, conv2, fc1, fc2)", half[0]);
        Assert.Empty(Notes(network, "level: 0.97"));
        Assert.Contains("no smaller", Notes(network, "level: 0").Last());

        static string[] Notes(Network network, string options) =>
            options.Length == 0
                ?
                [
                    .. new Compressor(ShippedRecipes.Load("lossless", network), new CompressionOptions())
                        .Run(network, null)
                        .Report.Notes.Where(n => !n.StartsWith("no smaller", StringComparison.Ordinal)),
                ]
                :
                [
                    .. new Compressor(
                        Pipeline.Parse(
                            $"recipe: n\ntechniques:\n  p: {{technique: weight-pruning, "
                                + $"{options}}}\nstages:\n  - {{name: p, use: p}}",
                            "n.yaml"
                        ),
                        new CompressionOptions()
                    )
                        .Run(network, null)
                        .Report.Notes,
                ];
    }

    [TorchFact]
    public void TheReportIsThatOfTheFile()
    {
        using var folder = new TemporaryFolder();
        string file = folder["tiny.dcnt"];
        Network network = TinyRun.Network();
        byte[] before = Bytes(network);
        var options = TinyRun.Options(folder["run"]) with { Test = TinyRun.Test };
        CompressionReport report = new Compressor(Pipeline.Parse(TinyRun.Yaml, "tiny.yaml"), options)
            .Run(network, file)
            .Report;
        Assert.Equal(before, Bytes(network));
        Assert.Equal(new FileInfo(file).Length, report.Bytes);
        Network decoded = DcntReader.Load(file);
        using var executor = new ReferenceExecutor(decoded);
        Score score = new Classification().Evaluate(decoded, executor, TinyRun.Test, Preprocessings.Default);
        Assert.Equal(score["top-1"], report.After!.Primary.Value);
        Assert.Equal(["reference", "prune", "share"], report.Stages.Select(s => s.Name));
        Assert.Equal(4.0 * (49 * 12 + 12 + 120 + 10) / report.Bytes, report.Ratio, 9);
        Assert.All(decoded.Weights, w => Assert.IsType<CodebookEncoding>(w.Encoding));
        Assert.Equal((int)Math.Round(49 * 12 * 0.2), report.Stages[^1].Layers[0].NonZeros);
        Assert.True(report.After!.Primary.Value > 0.2, $"{report.After!.Primary.Value}");
    }

    [TorchFact]
    public void TheRunFolderHoldsTheWholeRecord()
    {
        using var folder = new TemporaryFolder();
        CompressionReport report = TinyRun.Run(TinyRun.Options(folder["run"])).Report;
        Assert.Equal(
            [
                "metrics.jsonl",
                "recipe.yaml",
                "results.json",
                "round-000.dcnt",
                "round-001.dcnt",
                "round-002.dcnt",
                "run.json",
                "run.lock",
            ],
            Directory.GetFiles(folder["run"]).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)
        );
        Assert.Equal(Pipeline.Parse(TinyRun.Yaml, "tiny"), Pipeline.Load(folder["run/recipe.yaml"]));
        JsonElement run = Json("run.json"),
            results = Json("results.json");
        Assert.Equal(1, run.GetProperty("seed").GetInt32());
        Assert.Equal(64, run.GetProperty("network").GetString()!.Length);
        Assert.Equal(report.Bytes, results.GetProperty("bytes").GetInt64());
        Assert.Equal(report.Bytes, new FileInfo(folder["run/round-002.dcnt"]).Length);
        string[] lines = File.ReadAllLines(folder["run/metrics.jsonl"]);
        Assert.Equal(6, lines.Length);
        Assert.All(lines, l => Assert.True(JsonDocument.Parse(l).RootElement.GetProperty("loss").GetDouble() > 0));

        JsonElement Json(string name) => JsonDocument.Parse(File.ReadAllText(folder["run/" + name])).RootElement;
    }

    [TorchFact]
    public void ALossThatIsNoNumberNamesEpochAndStepAndKeepsTheCheckpoint()
    {
        const string Hot =
            "recipe: hot\nstages:\n  - name: train\n    epochs: 30\n    warm-up: 20\n    learning-rate: "
            + "100\n    optimizer: sgd\n    weight-decay: 10";
        using var folder = new TemporaryFolder();
        var e = Assert.Throws<TrainingException>(() => TinyRun.Run(TinyRun.Options(folder["run"]), Hot));
        Assert.Matches("epoch [0-9]+, step [0-9]+; a lower learning rate", e.Message);
        string checkpoint = Assert.Single(Directory.GetFiles(folder["run"], "checkpoint*"));
        TrainingCheckpoint kept = TrainingCheckpoint.Load(checkpoint);
        Assert.InRange(kept.Epochs, 1, 29);
    }

    [Fact]
    public void ARecipeThatTrainsNeedsData()
    {
        var compressor = new Compressor(Pipeline.Parse(TinyRun.Yaml, "tiny.yaml"), new CompressionOptions());
        Assert.Contains(
            "trains, and the run has none",
            Assert.Throws<DecantException>(() => compressor.Run(TinyRun.Network(), null)).Message
        );
    }

    [TorchFact]
    public void ATeacherIsGivenWhereOneIsAskedForAndNowhereElse()
    {
        CompressionOptions options = TinyRun.Options(null);
        Assert.Contains(
            "learns from another network ('from: teacher'): the run has none",
            Assert.Throws<DecantException>(() => TinyRun.Run(options, TinyRun.Taught)).Message
        );
        options = options with { Teacher = TinyRun.Network(2) };
        Assert.Contains(
            "learns from no other network, and the run has one",
            Assert.Throws<DecantException>(() => TinyRun.Run(options)).Message
        );
        Assert.NotEmpty(TinyRun.Run(options, TinyRun.Taught).Bytes);
    }

    [TorchFact]
    public void ATeacherThatDoesNotFitIsSaidBeforeAnythingIsDone()
    {
        const string yaml = """
            recipe: taught
            techniques:
              teach: {technique: knowledge-distillation, from: teacher}
            stages:
              - {name: a, epochs: 1}
              - {name: b, use: teach, epochs: 1}
            """;
        using var folder = new TemporaryFolder();
        CompressionOptions options = TinyRun.Options(folder["run"]) with
        {
            Teacher = Decant.Zoo.Architectures.Create("lenet-5", 1),
        };
        Assert.Contains(
            "the teacher 'lenet-5': small has images of 1×7×7",
            Assert.Throws<DecantException>(() => TinyRun.Run(options, yaml)).Message
        );
        Assert.False(Directory.Exists(folder["run"]));
    }

    [TorchFact]
    public void ImagesThatDoNotFitTheNetworkAreRefused()
    {
        var narrow = new NetworkBuilder("narrow", 1, new Shape(Shape.Unknown, 1, 8, 8))
            .Flatten("flat")
            .Gemm("fc1", 4)
            .Gemm("fc2", 10)
            .Build();
        Assert.Contains(
            "1×8×8",
            Assert.Throws<DataException>(() => TinyRun.Run(TinyRun.Options(null), network: narrow)).Message
        );
        var few = new NetworkBuilder("few", 1, new Shape(Shape.Unknown, 1, 7, 7))
            .Flatten("flat")
            .Gemm("fc1", 4)
            .Gemm("fc2", 9)
            .Build();
        Assert.Contains(
            "10 classes",
            Assert.Throws<DataException>(() => TinyRun.Run(TinyRun.Options(null), network: few)).Message
        );
    }

    [TorchFact]
    public void HeldOutImagesAreWatchedAndNotTrainedOn()
    {
        using var folder = new TemporaryFolder();
        TinyRun.Run(TinyRun.Options(folder["run"]), TinyRun.Yaml.Replace("recipe: tiny", "recipe: tiny\nhold-out: 50"));
        Assert.All(File.ReadAllLines(folder["run/metrics.jsonl"]), l =>
            Assert.InRange(JsonDocument.Parse(l).RootElement.GetProperty("heldOut").GetDouble(), 0, 1)
        );
    }

    [Fact]
    public void ALosslessRecipeNeedsNoDataAndChangesNoNumber()
    {
        Network network = TinyRun.Network();
        float[] few = [.. Enumerable.Range(0, 120).Select(i => i % 5 * 0.25f)];
        network = network.With(
            new Dictionary<string, Encoding> { ["fc2.weight"] = new DenseEncoding(Tensor.Of(new Shape(10, 12), few)) }
        );
        Pipeline lossless = ShippedRecipes.Load("lossless", network);
        var (made, report) = new Compressor(lossless, new CompressionOptions()).Run(network, null);
        foreach (Weight w in network.Weights)
            Assert.True(w.Encoding.Decode().Bytes().SequenceEqual(made.Weights[w.Name].Encoding.Decode().Bytes()));
        Assert.IsType<CodebookEncoding>(made.Weights["fc2.weight"].Encoding);
        Assert.Null(report.After);
    }

    [TorchFact]
    public void AFullyZeroWeightTrainsInEveryParameterization()
    {
        // A bias that begins as zeros is a codebook of nothing but the zero apart.
        Network network = TinyRun
            .Network()
            .With(
                new Dictionary<string, Encoding>
                {
                    ["fc1.bias"] = new DenseEncoding(Tensor.Zeros(ElementType.Float32, new Shape(12))),
                }
            );
        const string Found =
            "recipe: found\ntechniques:\n  found: {technique: find-structure, weights: \"*\"}\nstages:\n  "
            + "- name: find\n    use: found\n    epochs: 1";
        Assert.NotEmpty(TinyRun.Run(TinyRun.Options(null), Found, network).Bytes);
    }

    private static byte[] Bytes(Network network)
    {
        using var stream = new MemoryStream();
        DcntWriter.Write(network, stream);
        return stream.ToArray();
    }
}
