using System.Collections.Immutable;
using Decant.Core;
using Decant.Data;
using Decant.Pipelines;
using Decant.Quantization;
using Decant.Runs;
using Decant.Tests.Cli;
using Decant.Tests.Data;
using Decant.Tests.Formats.Onnx;
using Decant.Tests.Runs;
using Decant.Tests.Runtime;
using Decant.Tests.Torch;
using Xunit;

namespace Decant.Tests.Quantization;

[Collection("libtorch")]
public sealed class PostTrainingQuantizationTests : IDisposable
{
    private static readonly CompressionOptions Data = new() { Train = TinyRun.Train, Test = TinyRun.Test };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("--weight-bits 4 --activation-bits 0 --equalize --samples 100")]
    [InlineData("--rounding adaptive --weight-bits 3")]
    [InlineData("--size 700")]
    [InlineData("--loss 20")]
    public void TheCommandMakesTheFileOfTheLibrary(string flags)
    {
        QuantizationOptions options = flags switch
        {
            "" => new(),
            "--size 700" => new() { MaxBytes = 700 },
            "--loss 20" => new() { MaxPointsLost = 20 },
            "--rounding adaptive --weight-bits 3" => new() { Rounding = WeightRounding.Adaptive, WeightBits = 3 },
            _ => new()
            {
                WeightBits = 4,
                ActivationBits = 0,
                Equalizes = true,
                Samples = 100,
            },
        };
        Models.Save(TinyRun.Network(), folder["tiny.onnx"]);
        CommandTests.SaveData(folder["small.npz"]);
        CommandLine
            .Run([
                "quantize",
                folder["tiny.onnx"],
                "--data",
                folder["small.npz"],
                .. flags.Split(' ', StringSplitOptions.RemoveEmptyEntries),
                "--recipe",
                folder["command.yaml"],
                "-o",
                folder["command.dcnt"],
            ])
            .Succeeded();
        QuantizationResult result = new PostTrainingQuantization(
            options,
            Data with
            {
                Train = Datasets.Open(folder["small.npz"], DataRoot.Resolve(null), DatasetPart.Train),
                Test = Datasets.Open(folder["small.npz"], DataRoot.Resolve(null), DatasetPart.Test),
            }
        ).Run(Models.Load(folder["tiny.onnx"]), folder["library.dcnt"]);
        Assert.Equal(File.ReadAllBytes(folder["library.dcnt"]), File.ReadAllBytes(folder["command.dcnt"]));
        Assert.Equal(result.Pipeline.ToYaml(), File.ReadAllText(folder["command.yaml"]));
        Assert.Equal(new FileInfo(folder["library.dcnt"]).Length, result.Report.Bytes);
        Assert.Equal(["fc1.weight", "fc2.weight"], result.Errors.Select(e => e.Weight));
        if (options.MaxBytes is { } most)
            Assert.InRange(result.Report.Bytes, 1, most);
    }

    [Fact]
    public void ANetworkWhoseBatchCannotBeMadeDynamicIsCalibratedOneByOne()
    {
        var rng = new Rng(3);
        Network network = new OnnxModelBuilder()
            .Input("x", 1, 2, 6, 6)
            .Output("y", 1, 3, 6, 6)
            .Weight("w1", OneNode.Random(rng, 4, 2, 3, 3))
            .Weight("w2", OneNode.Random(rng, 3, 8, 1, 1))
            .Ints("sizes", 1, 4, 6, 6)
            .Node("Conv", "x w1", "c", ("pads", ImmutableArray.Create(1L, 1, 1, 1)))
            .Node("GlobalAveragePool", "c", "p")
            .Weight("none", Tensor.Vector(Array.Empty<float>()))
            .Node("Resize", "p none none sizes", "r", ("mode", "linear"))
            .Node("Concat", "c r", "j", ("axis", 1L))
            .Node("Conv", "j w2", "y")
            .Read();
        Assert.Throws<ModelException>(() => DynamicBatch.Of(network));
        var data = new ArraySource("s", [new("x", OneNode.Random(rng, 20, 2, 6, 6))]);
        QuantizationResult result = new PostTrainingQuantization(
            new QuantizationOptions { Preprocessing = Preprocessing.None },
            new CompressionOptions { Train = data, Test = data }
        ).Run(network, null);
        Assert.Equal(2, result.Errors.Count);
        Assert.InRange(result.Report.After!["cosine similarity"], 0.995, 1);
    }

    [Fact]
    public void OptionsOutOfRangeAreNamed()
    {
        Refused("weight-bits", new() { WeightBits = 1 });
        Refused("weight-bits", new() { WeightBits = 17 });
        Refused("activation-bits", new() { ActivationBits = 1 });
        Refused("activation-bits", new() { ActivationBits = 9 });
        Refused("samples", new() { Samples = 0 });
        Refused("max-bytes", new() { MaxBytes = 0 });
        Refused("max-points-lost", new() { MaxPointsLost = double.NaN });
        Refused("max-bytes", new() { MaxBytes = 1000, MaxPointsLost = 1 });
        Refused("rounding", new() { MaxBytes = 1000, Rounding = WeightRounding.Adaptive });
        Refused("bits-of", new() { BitsOf = new Dictionary<string, int> { ["fc1.weight"] = 1 } });
        Assert.Throws<DataException>(() => new PostTrainingQuantization(new(), new CompressionOptions()));
        Assert.Throws<OptionsException>(() =>
            QuantizationRecipe.Of(TinyRun.Network(), new QuantizationOptions { WeightBits = 1 })
        );
    }

    [TorchFact]
    public void ItTellsHowFarItIsAndStops()
    {
        var told = new List<RunProgress>();
        using var stop = new CancellationTokenSource();
        var quantization = new PostTrainingQuantization(new QuantizationOptions { MaxBytes = 700 }, Data);
        quantization.Run(TinyRun.Network(), null, new Told(told.Add));
        Assert.Equal("choose bits", told[0].Stage);
        Assert.Equal("quantize", told[^1].Stage);
        Assert.Equal(told.Select(p => p.Done).Order(), told.Select(p => p.Done));
        Assert.Throws<OperationCanceledException>(() =>
            quantization.Run(TinyRun.Network(), null, new Told(_ => stop.Cancel()), stop.Token)
        );
    }

    private static void Refused(string option, QuantizationOptions options) =>
        Assert.Equal(option, Assert.Throws<OptionsException>(() => new PostTrainingQuantization(options, Data)).Option);

    private sealed class Told(Action<RunProgress> tell) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => tell(value);
    }
}
