using Decant.Core;
using Decant.Formats.Onnx;
using Decant.Tests.Runs;
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
