using Decant.Core;
using Decant.Data;
using Decant.Quantization;
using Decant.Runtime;
using Decant.Tests.Data;
using Xunit;
using static Decant.Tests.Formats.Onnx.Models;

namespace Decant.Tests.Cases;

/// <summary>Networks of sequences, whose length is open, are quantized by data that are no images.</summary>
public sealed class SequenceCaseTests
{
    private const int Examples = 64,
        Steps = 5,
        Width = 6;

    [Fact]
    public void ASequenceOfAnyLengthIsCalibrated()
    {
        Network network = Sequence();
        var data = new ArraySource("steps", [new("x", Floats(40))], []);
        PostTrainingQuantization quantization = new(new QuantizationOptions(), new() { Train = data, Test = data });
        using var folder = new TemporaryFolder();
        QuantizationResult result = quantization.Run(network, folder["q.dcnt"]);
        Assert.True(result.Report.After!["SQNR"] > 30, $"{result.Report.After}");
    }

    [Fact]
    public void FloatsAreNotScaledUnasked()
    {
        Network network = Sequence();
        var floats = new LabelledImages(
            "floats",
            Floats(40).Reshape(new Shape(Examples, 1, Steps, Width)),
            new int[Examples],
            3
        );
        Assert.Equal(Preprocessing.None, Preprocessings.Of(network, floats));
        var bytes = new LabelledImages(
            "bytes",
            Tensor.Zeros(ElementType.UInt8, new Shape(Examples, 1, Steps, Width)),
            new int[Examples],
            3
        );
        Assert.Equal(Preprocessings.Default, Preprocessings.Of(network, bytes));
        Assert.Equal(
            Preprocessings.Default,
            Preprocessings.Of(network.WithMetadata("preprocessing", "scale=1/255"), floats)
        );
    }

    private static Network Sequence() =>
        new(
            "",
            [Value("x", Shape.Unknown, Shape.Unknown, Width)],
            [Value("y", Shape.Unknown, Shape.Unknown, 3)],
            [
                new("a", Make("MatMul"), ["x", "w"], ["p"]),
                new("r", Make("Relu"), ["p"], ["q"]),
                new("d", Make("MatMul"), ["q", "v"], ["y"]),
            ],
            [QuantizedCase.Normal("w", 2, 0.3f, Width, 8), QuantizedCase.Normal("v", 3, 0.3f, 8, 3)]
        );

    private static Tensor Floats(float size)
    {
        var rng = new Rng(5);
        return Tensor.Of(
            new Shape(Examples, Steps, Width),
            [.. Enumerable.Range(0, Examples * Steps * Width).Select(_ => size * (float)rng.NextNormal())]
        );
    }
}
