using Decant.Core;
using Decant.Formats.Onnx;
using Decant.Tests.Encodings;
using Decant.Tests.Runs;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Formats.Onnx;

public sealed class QdqWeightsTests
{
    [Fact]
    public void ANetworkOfFloatsHasNothingToWrite() =>
        Assert.Contains(
            "no weight is held in linear codes",
            Assert.Throws<ModelException>(() => QdqWeights.Of(TinyRun.Network())).Message
        );

    [Fact]
    public void Int4WithoutAWeightOfFourBitsNamesTheFewest()
    {
        Network network = WithLinear(6);
        Assert.Contains(
            "the fewest here are the 6 of 'fc1.weight'",
            Assert.Throws<ModelException>(() => QdqWeights.Of(network, int4: true)).Message
        );
        Assert.Equal(ElementType.UInt8, QdqWeights.Of(network).Weights["fc1.weight.codes"].Encoding.Type);
        Assert.Equal(
            ElementType.Int4,
            QdqWeights.Of(WithLinear(4), int4: true).Weights["fc1.weight.codes"].Encoding.Type
        );
    }

    [Property(MaxTest = 60)]
    public void Weights_in_blocks_come_back(ulong seed)
    {
        var rng = new Rng(seed);
        LinearEncoding linear = LinearBlockTests.Random(rng);
        Network network = new(
            "",
            [Models.Value("x", [.. linear.Shape.Dims])],
            [Models.Value("y", [.. linear.Shape.Dims])],
            [new Node("add", Models.Make("Add"), ["x", "w"], ["y"])],
            [new Weight("w", linear)]
        );
        using var file = new MemoryStream();
        OnnxWriter.Write(QdqWeights.Of(network, int4: linear.Bits <= 4 && rng.Next(2) == 0), file);
        file.Position = 0;
        var back = Assert.IsType<LinearEncoding>(OnnxReader.Read(file).Weights["w"].Encoding);
        Assert.Equal((linear.Shape, linear.Axis, linear.Block), (back.Shape, back.Axis, back.Block));
        Assert.True(back.Scales.SequenceEqual(linear.Scales));
        Assert.Equal(linear.Decode().Array<float>(), back.Decode().Array<float>());
    }

    private static Network WithLinear(int bits)
    {
        Network network = TinyRun.Network();
        Shape shape = network.Weights["fc1.weight"].Encoding.Shape;
        return network.With(
            new Dictionary<string, Encoding>
            {
                ["fc1.weight"] = LinearEncoding.Of(shape, bits, new int[shape.Count], [1], []),
            }
        );
    }
}
