using Decant.Core;
using Decant.Zoo;
using Xunit;

namespace Decant.Tests.Zoo;

public sealed class ArchitecturesTests
{
    [Theory]
    [InlineData("lenet-300-100", 266_610)]
    [InlineData("lenet-5", 431_080)]
    [InlineData("mlp", 784 * 1024 + 1024 + 2 * (1024 * 1024 + 1024) + 10 * 1024 + 10)]
    public void ParametersAreThoseOfThePapers(string name, int parameters)
    {
        Network network = Architectures.Create(name, 1);
        Assert.Equal(parameters, network.Weights.Sum(w => (long)w.Encoding.Count));
        Assert.Equal(new Shape(Shape.Unknown, 1, 28, 28), network.Inputs[0].Type.Shape);
        Assert.Equal(new Shape(Shape.Unknown, 10), network.Outputs[0].Type.Shape);
        NetworkShapes shapes = NetworkShapes.Of(network, batch: 3);
        Assert.Equal(new Shape(3, 10), shapes[network.Outputs[0].Name]!.Shape);
    }

    [Fact]
    public void MultiplyAccumulatesAreThoseByHand()
    {
        Assert.Equal(784 * 300 + 300 * 100 + 100 * 10, Macs("lenet-300-100"));
        Assert.Equal(20 * 25 * 24 * 24 + 50 * 20 * 25 * 8 * 8 + 800 * 500 + 500 * 10, Macs("lenet-5"));

        static long Macs(string name)
        {
            Network network = Architectures.Create(name, 1);
            NetworkShapes shapes = NetworkShapes.Of(network, batch: 1);
            return network.Nodes.Sum(shapes.Macs);
        }
    }

    [Fact]
    public void WeightsAreDecidedByTheSeedAndBounded()
    {
        foreach (ZooEntry entry in Architectures.All)
        {
            Network first = entry.Make(1), again = entry.Make(1), other = entry.Make(2);
            foreach (Weight w in first.Weights)
            {
                Assert.True(w.Encoding.Decode().Bytes().SequenceEqual(again.Weights[w.Name].Encoding.Decode().Bytes()));
                Assert.False(w.Encoding.Decode().Bytes().SequenceEqual(other.Weights[w.Name].Encoding.Decode().Bytes()));
                long fan = first.Weights[w.Name.Replace(".bias", ".weight")].Encoding.Shape.CountFrom(1);
                float most = w.Encoding.Decode().Array<float>().Max(Math.Abs);
                Assert.InRange(most, 0.5 / Math.Sqrt(fan), 1 / Math.Sqrt(fan));
            }
        }
    }

    [Fact]
    public void ANameThatIsNotThereSaysWhichAre() =>
        Assert.Contains("lenet-300-100, lenet-5, mlp", Assert.Throws<ModelException>(() => Architectures.Create("lenet", 1)).Message);
}
