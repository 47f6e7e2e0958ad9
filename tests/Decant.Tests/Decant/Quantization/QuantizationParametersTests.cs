using Decant.Core;
using Decant.Data;
using Decant.Pipelines;
using Decant.Quantization;
using Decant.Runs;
using Decant.Techniques.Quantization;
using Decant.Tests.Cli;
using Decant.Tests.Data;
using Decant.Tests.Runs;
using Xunit;

namespace Decant.Tests.Quantization;

public sealed class QuantizationParametersTests
{
    private static readonly QuantizationOptions Plain = new()
    {
        Preprocessing = Preprocessing.Parse("scale=1/255"),
        CorrectsBias = false,
    };

    public static TheoryData<int, int, QuantizationScheme, ScaleSharing> Ways =>
        new()
        {
            { 8, 8, QuantizationScheme.Asymmetric, ScaleSharing.Channel },
            { 4, 8, QuantizationScheme.Symmetric, ScaleSharing.Tensor },
            { 3, 4, QuantizationScheme.Asymmetric, ScaleSharing.Channel },
            { 12, 5, QuantizationScheme.Symmetric, ScaleSharing.Channel },
        };

    [Theory]
    [MemberData(nameof(Ways))]
    public void WhatWasWrittenMakesTheSameNetworkWithoutData(
        int weightBits,
        int activationBits,
        QuantizationScheme scheme,
        ScaleSharing per
    )
    {
        QuantizationOptions options = Plain with
        {
            WeightBits = weightBits,
            ActivationBits = activationBits,
            WeightScheme = scheme,
            ActivationScheme = scheme,
            Per = per,
        };
        Network network = TinyRun.Convolutions(),
            calibrated = Quantize(network, options, new CompressionOptions { Train = TinyRun.Train });
        string yaml = QuantizationParametersFile.Write(QuantizationParameters.Of(calibrated), "tiny");
        QuantizationParameters read = QuantizationParametersFile.Read(yaml, "file");
        Assert.Equal(yaml, QuantizationParametersFile.Write(read, "tiny"));
        Network again = Quantize(network, options, new CompressionOptions { Parameters = read });
        Assert.Equal(Bytes(calibrated), Bytes(again));
    }

    [Fact]
    public void AnEditedScaleIsTheOneThatIsUsedAndTheOthersAreCalibrated()
    {
        Network network = TinyRun.Convolutions();
        QuantizationParameters given = QuantizationParametersFile.Read(
            """
            quantization-parameters: "edited"
            activations:
              "relu1": {scale: 0.125, zero-point: 3, bits: 7}
            weights:
              "conv2.weight": {bits: 5, scales: "0.25"}
            """,
            "file"
        );
        Network made = Quantize(
            network,
            Plain with
            {
                Per = ScaleSharing.Tensor,
            },
            new CompressionOptions { Train = TinyRun.Train, Parameters = given }
        );
        QuantizationParameters found = QuantizationParameters.Of(made);
        Assert.Equal(new ActivationParameters(0.125f, 3, 7, false), found.Activations["relu1"]);
        Assert.Equal(5, found.Weights["conv2.weight"].Bits);
        Assert.Equal([0.25f], found.Weights["conv2.weight"].Scales.AsEnumerable());
        Assert.Equal(8, found.Weights["conv1.weight"].Bits);
        Assert.True(found.Activations.Count > 2);
    }

    [Theory]
    [InlineData("activations: {nowhere: {scale: 1}}", "'nowhere', which is no value that is quantized here")]
    [InlineData("weights: {conv9: {scales: \"1\"}}", "'conv9', which is no weight that is quantized here")]
    [InlineData("weights: {conv1.weight: {scales: \"1 2 3\"}}", "'conv1.weight' takes 16 scales")]
    public void WhatDoesNotFitTheNetworkIsNamed(string yaml, string message)
    {
        QuantizationParameters given = QuantizationParametersFile.Read($"quantization-parameters: x\n{yaml}", "file");
        var error = Assert.Throws<ModelException>(() =>
            Quantize(
                TinyRun.Convolutions(),
                Plain,
                new CompressionOptions { Train = TinyRun.Train, Parameters = given }
            )
        );
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("activations: {a: {scale: 0}}", "'0' is no scale")]
    [InlineData("activations: {a: {scale: 1, bits: 9}}", "'bits: 9' must be")]
    [InlineData(
        "activations: {a: {scale: 1, zero-point: 256}}",
        "'256' is no zero point, a whole number from 0 to 255"
    )]
    [InlineData("activations: {a: {scale: 1, signed: true, zero-point: -128}}", "-127 to 127")]
    [InlineData("activations: {a: {scale: 1, zero: 3}}", "'zero' is no key")]
    [InlineData("weights: {a: {scales: \"\"}}", "'scales' holds no scale")]
    [InlineData("weights: {a: {scales: \"1 nan\"}}", "'nan' is no scale")]
    [InlineData("weights: {a: {scales: \"1 2\", zero-points: \"1\"}}", "2 scales and 1 zero points")]
    [InlineData("weight: {}", "'weight' is no key")]
    public void AWrongFileIsRefusedAtItsLine(string yaml, string message)
    {
        var error = Assert.Throws<RecipeException>(() =>
            QuantizationParametersFile.Read($"quantization-parameters: x\n{yaml}", "file.yaml")
        );
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains("file.yaml, line 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutDataBiasesAreNotCorrectedInSilence()
    {
        var given = QuantizationParametersFile.Read("quantization-parameters: x", "file");
        string message = Assert
            .Throws<DataException>(() =>
                Quantize(
                    TinyRun.Network(),
                    Plain with
                    {
                        CorrectsBias = true,
                    },
                    new CompressionOptions { Parameters = given }
                )
            )
            .Message;
        Assert.Contains("biases are corrected on training data", message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheCommandWritesThemAndTakesThem()
    {
        using var folder = new TemporaryFolder();
        Models.Save(TinyRun.Convolutions(), folder["tiny.onnx"]);
        Decant.Formats.Npy.NpzWriter.Save([new("x", TinyRun.Train.Images)], folder["images.npz"]);
        string[] quantize = ["quantize", folder["tiny.onnx"], "--no-bias-correction", "--scale", "1/255"];
        CommandLine
            .Run([
                .. quantize,
                "--data",
                folder["images.npz"],
                "-o",
                folder["a.dcnt"],
                "--write-parameters",
                folder["p.yaml"],
            ])
            .Succeeded();
        CommandLine.Run([.. quantize[..3], "--parameters", folder["p.yaml"], "-o", folder["b.dcnt"]]).Succeeded();
        Assert.Equal(
            QuantizationParametersFile.Write(QuantizationParameters.Of(Models.Load(folder["a.dcnt"])), ""),
            QuantizationParametersFile.Write(QuantizationParameters.Of(Models.Load(folder["b.dcnt"])), "")
        );
    }

    private static Network Quantize(Network network, QuantizationOptions options, CompressionOptions run) =>
        new PostTrainingQuantization(options, run).Run(network, null).Network;

    private static byte[] Bytes(Network network)
    {
        using var stream = new MemoryStream();
        Decant.Coding.DcntWriter.Write(network, stream);
        return stream.ToArray();
    }
}
