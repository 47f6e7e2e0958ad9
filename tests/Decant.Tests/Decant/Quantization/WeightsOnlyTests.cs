using Decant.Core;
using Decant.Data;
using Decant.Formats.Npy;
using Decant.Pipelines;
using Decant.Quantization;
using Decant.Runs;
using Decant.Runtime;
using Decant.Techniques;
using Decant.Tests.Benchmarking;
using Decant.Tests.Cli;
using Decant.Tests.Data;
using Decant.Tests.Runs;
using Xunit;

namespace Decant.Tests.Quantization;

/// <summary>Quantization of weights alone.</summary>
[Collection("libtorch")]
public sealed class WeightsOnlyTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void TheCommandTheLibraryAndTheRecipeMakeOneFileWithoutData()
    {
        Models.Save(TextNetwork.Of(300, 40, 6), folder["text.onnx"]);
        string printed = CommandLine
            .Run([
                "quantize",
                folder["text.onnx"],
                .. "--weights-only --bits 4 --block 8 --recipe".Split(' '),
                folder["w4.yaml"],
                "-o",
                folder["command.dcnt"],
            ])
            .Succeeded()
            .Out;
        Assert.Contains("3 weights stay floats, 20,640 elements, the largest 'positions'", printed);
        CommandLine
            .Run(["compress", folder["text.onnx"], "--recipe", folder["w4.yaml"], "-o", folder["recipe.dcnt"]])
            .Succeeded();
        QuantizationResult result = new PostTrainingQuantization(
            new QuantizationOptions
            {
                WeightsOnly = true,
                WeightBits = 4,
                Block = 8,
            },
            new CompressionOptions()
        ).Run(Models.Load(folder["text.onnx"]), folder["library.dcnt"]);
        byte[] file = File.ReadAllBytes(folder["library.dcnt"]);
        Assert.Equal(file, File.ReadAllBytes(folder["command.dcnt"]));
        Assert.Equal(file, File.ReadAllBytes(folder["recipe.dcnt"]));
        Assert.Equal(
            [("table", 4, 8), ("w1", 4, 8), ("w2", 4, 8)],
            result.Weights.Select(w => (w.Weight, w.Bits, w.Block))
        );
        Assert.Empty(result.Errors);
        Network read = Models.Load(folder["command.dcnt"]);
        foreach (string name in new[] { "positions", "types", "b1" })
            Assert.IsType<DenseEncoding>(read.Weights[name].Encoding);
    }

    [Fact]
    public void TheErrorOfAWeightIsItsOwn()
    {
        Network network = TextNetwork.Of(300, 40, 6);
        QuantizationResult result = new PostTrainingQuantization(
            new QuantizationOptions { WeightsOnly = true, WeightBits = 5 },
            new CompressionOptions()
        ).Run(network, null);
        float[] was = network.Weights["w1"].Encoding.Decode().Array<float>(),
            now = result.Network.Weights["w1"].Encoding.Decode().Array<float>();
        double expected =
            10 * Math.Log10(was.Sum(v => (double)v * v) / was.Zip(now, (a, b) => Math.Pow((double)a - b, 2)).Sum());
        Assert.Equal(expected, result.Weights.Single(w => w.Weight == "w1").Sqnr, 1e-6);
    }

    [Fact]
    public void AdaptiveRoundingOfBlocksBringsTheAnswersOfSequencesNearer()
    {
        Network network = TextNetwork.Of(300, 40, 6);
        long[] ids = [.. Enumerable.Range(0, 400).Select(i => 37L * i % 31 * 7)];
        NpzWriter.Save([new("ids", Tensor.Of(new Shape(40, 10), ids))], folder["ids.npz"]);
        var run = new CompressionOptions
        {
            Train = Datasets.Open(folder["ids.npz"], DataRoot.Resolve(null), DatasetPart.Train),
        };
        var options = new QuantizationOptions
        {
            WeightsOnly = true,
            WeightBits = 3,
            Block = 8,
            Keep = ["table"],
        };
        QuantizationResult nearest = new PostTrainingQuantization(options, run).Run(network, null),
            adaptive = new PostTrainingQuantization(options with { Rounding = WeightRounding.Adaptive }, run).Run(
                network,
                null
            );
        foreach (string name in new[] { "w1", "w2" })
        {
            var (a, b) = (
                (LinearEncoding)nearest.Network.Weights[name].Encoding,
                (LinearEncoding)adaptive.Network.Weights[name].Encoding
            );
            Assert.Equal((a.Bits, a.Axis, a.Block), (b.Bits, b.Axis, b.Block));
            Assert.True(a.Scales.SequenceEqual(b.Scales) && !a.Codes.SequenceEqual(b.Codes));
        }
        Assert.Equal(["w1", "w2"], adaptive.Errors.Select(e => e.Weight));
        double before = Distance(nearest.Network),
            after = Distance(adaptive.Network);
        Assert.True(after < 0.5 * before, $"{after} after {before}");

        double Distance(Network quantized)
        {
            Tensor[] inputs = [Tensor.Of(new Shape(40, 10), ids)];
            float[] was = new ReferenceExecutor(network, 1).Run(inputs)[0].Array<float>(),
                now = new ReferenceExecutor(quantized, 1).Run(inputs)[0].Array<float>();
            return was.Zip(now, (x, y) => Math.Pow((double)x - y, 2)).Sum();
        }
    }

    [Fact]
    public void ConvolutionsInBlocksComputeWhatTheirWeightsDecodeTo()
    {
        Network network = new PostTrainingQuantization(
            new QuantizationOptions
            {
                WeightsOnly = true,
                WeightBits = 4,
                Block = 2,
            },
            new CompressionOptions()
        ).Run(TinyRun.Convolutions(), null).Network;
        Assert.Contains(network.Weights, w => w.Encoding is LinearEncoding { Block: 2, Shape.Rank: 4 });
        Tensor[] images = SameAnswers.Inputs(network, 3);
        SameAnswers.Within(
            1e-5,
            new ReferenceExecutor(network, 1).Run(images),
            new InferenceModel(network).CreateSession().Run(images),
            "stages"
        );
    }

    [Fact]
    public void AKeptTableStaysFloatsAndANamedOneIsQuantized()
    {
        Network network = TextNetwork.Of(300, 40, 6);
        var options = new QuantizationOptions
        {
            WeightsOnly = true,
            Keep = ["table"],
            Also = ["pos*"],
        };
        Pipeline pipeline = QuantizationRecipe.Of(network, options);
        Assert.Equal(["w1", "w2", "positions"], pipeline.Stages[^1].Uses.Single().Weights);
        Assert.StartsWith(
            "'w1' matches no further weight; there are positions, types, b1",
            Assert.Throws<ModelException>(() => QuantizationRecipe.Of(network, options with { Also = ["w1"] })).Message
        );
    }

    [Theory]
    [InlineData("", "--data is missing")]
    [InlineData("--weights-only --rounding adaptive", "--rounding adaptive looks at data")]
    [InlineData("--block 32", "--block is for weights alone; add --weights-only")]
    [InlineData("--also b1", "--also is for weights alone; add --weights-only")]
    [InlineData("--weights-only --activation-bits 8", "leave out --activation-bits")]
    [InlineData("--weights-only --size 10kB", "leave out --size")]
    [InlineData("--weights-only --block -1", "--block is -1; 0 or more would work")]
    public void WhatDoesNotGoTogetherIsNamed(string flags, string message)
    {
        Models.Save(TextNetwork.Of(300, 40, 6), folder["x.onnx"]);
        string[] words = flags.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        CommandLine.Result result = CommandLine.Run(["quantize", folder["x.onnx"], .. words, "-o", folder["y.dcnt"]]);
        Assert.Contains(message, result.Failed(2).Error);
    }

    [Fact]
    public void OptionsThatExcludeEachOtherAreNamed()
    {
        Refused("block", new() { Block = 32 });
        Refused("also", new() { Also = ["positions"] });
        Refused("weights-only", new() { WeightsOnly = true, MaxBytes = 1000 });
        Refused("weights-only", new() { WeightsOnly = true, MaxPointsLost = 1 });
        Assert.Throws<DataException>(() =>
            new PostTrainingQuantization(
                new() { WeightsOnly = true, Rounding = WeightRounding.Adaptive },
                new CompressionOptions()
            )
        );
    }

    private static void Refused(string option, QuantizationOptions options) =>
        Assert.Equal(
            option,
            Assert
                .Throws<OptionsException>(() => new PostTrainingQuantization(options, new CompressionOptions()))
                .Option
        );
}
