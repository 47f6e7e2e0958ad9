using Decant.Coding;
using Decant.Core;
using Decant.Data;
using Decant.Pipelines;
using Decant.Quantization;
using Decant.Reports;
using Decant.Runs;
using Decant.Tests.Runs;
using Decant.Tests.Torch;
using Xunit;

namespace Decant.Tests.Quantization;

[Collection("libtorch")]
public sealed class MixedPrecisionTests
{
    private static readonly QuantizationOptions Settings = new()
    {
        Preprocessing = Preprocessing.Parse("scale=1/255"),
        Samples = 50,
    };

    [TorchFact]
    public void FilesAreAsSmallAsAskedAndLayersThatLoseLessGetFewerBits()
    {
        Network network = TinyRun.Network(hidden: 40);
        long whole = Quantize(network, Settings).Report.Bytes;
        int last = int.MaxValue;
        foreach (long bytes in new[] { whole, whole * 8 / 10, whole * 6 / 10 })
        {
            QuantizationOptions fitted = Fit(network, bytes);
            (Network quantized, CompressionReport report) = Quantize(network, fitted);
            Assert.InRange(report.Bytes, bytes / 2, bytes);
            foreach (var (weight, bits) in fitted.BitsOf!)
                Assert.Equal(bits, quantized.Weights[weight].Encoding.Bits);
            int sum = fitted.BitsOf.Values.Sum();
            Assert.True(sum < last || (sum == 16 && last == int.MaxValue), $"{sum} bits at {bytes} bytes");
            last = sum;
        }
    }

    [TorchFact]
    public void AFileThatCannotBeIsSaidToBe() =>
        Assert.Contains(
            "with 2 bits for every layer it takes",
            Assert.Throws<ModelException>(() => Fit(TinyRun.Network(), 100)).Message
        );

    [TorchFact]
    public void NoMoreAccuracyIsLostThanAskedAndMoreLossMakesSmallerFiles()
    {
        (byte[] bytes, _) = TinyRun.Run(
            TinyRun.Options(null),
            "recipe: r\nstages:\n  - {name: learn, epochs: 8, batch: 20, learning-rate: 0.02}\n"
        );
        using var stream = new MemoryStream(bytes);
        Network network = DcntReader.Open(stream).ReadNetwork();
        LabelledImages images = TinyRun.Train.First(50);
        var mixed = new MixedPrecision(network, Settings, new CompressionOptions { Train = TinyRun.Train });
        long last = long.MaxValue;
        foreach (double points in new[] { 2.0, 30, 100 })
        {
            QuantizationOptions fitted = mixed.FitAccuracy(points, images, TinyRun.Test, Settings.Preprocessing!);
            CompressionReport report = new Compressor(
                QuantizationRecipe.Of(network, fitted),
                new CompressionOptions { Train = TinyRun.Train, Test = TinyRun.Test }
            )
                .Run(network, null)
                .Report;
            Assert.InRange(100 * (report.Before!.Primary.Value - report.After!.Primary.Value), -100, points);
            Assert.True(report.Bytes <= last, $"{report.Bytes} after {last}");
            last = report.Bytes;
        }
        Assert.Contains(
            "cannot tell 1 points apart",
            Assert
                .Throws<DataException>(() =>
                    mixed.FitAccuracy(1, images, TinyRun.Test.First(50), Settings.Preprocessing!)
                )
                .Message
        );
    }

    [TorchFact]
    public void WhatIsEvenedOutIsComparedWithWhatWasEvenedOut()
    {
        Network network = TinyRun.Network();
        QuantizationOptions even = Settings with { Equalizes = true, ActivationBits = 0 };
        IReadOnlyList<LayerError> errors = QuantizationErrors.Of(
            NetworkValues.Prepared(network, even),
            Quantize(network, even).Network,
            TinyRun.Train.First(50),
            Settings.Preprocessing!
        );
        Assert.All(errors, e => Assert.InRange(e.AloneSqnr, 25, 80));
    }

    [TorchFact]
    public void ARecipeHasATechniqueForEachNumberOfBits()
    {
        Network network = TinyRun.Network();
        Pipeline pipeline = QuantizationRecipe.Of(
            network,
            Settings with
            {
                Equalizes = true,
                BitsOf = new Dictionary<string, int> { ["fc1.weight"] = 3, ["fc2.weight"] = 6 },
            }
        );
        Assert.Equal(["fold", "even"], pipeline.Stages[0].Uses.Select(u => u.Name));
        Assert.Equal(["activations", "weights-6", "weights-3"], pipeline.Stages[1].Uses.Select(u => u.Name));
        Network quantized = new Compressor(pipeline, new CompressionOptions { Train = TinyRun.Train })
            .Run(network, null)
            .Network;
        Assert.Equal(
            (3, 6),
            (quantized.Weights["fc1.weight"].Encoding.Bits, quantized.Weights["fc2.weight"].Encoding.Bits)
        );
    }

    private static QuantizationOptions Fit(Network network, long bytes) =>
        new MixedPrecision(network, Settings, new CompressionOptions { Train = TinyRun.Train }).FitSize(
            bytes,
            TinyRun.Train.First(50),
            Settings.Preprocessing!
        );

    private static (Network Network, CompressionReport Report) Quantize(
        Network network,
        QuantizationOptions settings
    ) =>
        new Compressor(QuantizationRecipe.Of(network, settings), new CompressionOptions { Train = TinyRun.Train }).Run(
            network,
            null
        );
}
