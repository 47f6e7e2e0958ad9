using Decant.Core;
using Decant.Formats.Onnx;
using Decant.Tests.Formats;
using Decant.Zoo;
using Xunit;

namespace Decant.Tests.Zoo;

public sealed class ArchitecturesTests
{
    /// <summary>
    /// Running statistics are no parameters: the papers do not count them. Multiply-accumulates are those of
    /// convolutions and fully connected layers.
    /// </summary>
    [Theory]
    [InlineData("lenet-300-100", 28, 10, 266_610, 784 * 300 + 300 * 100 + 100 * 10)]
    [InlineData("lenet-5", 28, 10, 431_080, 20 * 25 * 24 * 24 + 50 * 20 * 25 * 8 * 8 + 800 * 500 + 500 * 10)]
    [InlineData(
        "mlp",
        28,
        10,
        784 * 1024 + 1024 + 2 * (1024 * 1024 + 1024) + 10 * 1024 + 10,
        784 * 1024 + 2 * 1024 * 1024 + 10 * 1024
    )]
    [InlineData("resnet-20", 32, 10, 269_722, 40_551_040)]
    [InlineData("resnet-32", 32, 10, 464_154, 68_862_592)]
    [InlineData("resnet-56", 32, 10, 853_018, 125_485_696)]
    [InlineData("resnet-110", 32, 10, 1_727_962, 252_887_680)]
    [InlineData("preresnet-110", 32, 10, 1_146_842, 167_430_656)]
    [InlineData("densenet-bc-100", 32, 10, 769_162, 287_929_692)]
    [InlineData("vgg-16", 32, 10, 14_724_042, 313_201_664)]
    [InlineData("vgg-19", 32, 10, 20_035_018, 398_136_320)]
    [InlineData("vgg-19-cifar100", 32, 100, 20_081_188, 398_182_400)]
    [InlineData("preresnet-110-cifar100", 32, 100, 1_146_842 + 90 * 257, 167_430_656 + 90 * 256)]
    [InlineData("densenet-bc-100-cifar100", 32, 100, 769_162 + 90 * 343, 287_929_692 + 90 * 342)]
    public void SizesAreThoseOfThePapersAndOnnxKeepsAll(string name, int side, int classes, int parameters, long macs)
    {
        Network network = Architectures.Create(name, 1);
        Assert.Equal(name, network.Name);
        Assert.Equal(
            parameters,
            network
                .Weights.Where(w => w.IsTrainable && !w.Name.Contains(".running_", StringComparison.Ordinal))
                .Sum(w => (long)w.Encoding.Count)
        );
        Assert.Equal(new Shape(Shape.Unknown, side == 28 ? 1 : 3, side, side), network.Inputs[0].Type.Shape);
        Assert.Equal(new Shape(Shape.Unknown, classes), network.Outputs[0].Type.Shape);
        NetworkShapes shapes = NetworkShapes.Of(network, batch: 3);
        Assert.Equal(new Shape(3, classes), shapes[network.Outputs[0].Name]!.Shape);
        Assert.Equal(3 * macs, network.Nodes.Sum(shapes.Macs));
        using var file = new MemoryStream();
        OnnxWriter.Write(network, file);
        file.Position = 0;
        SameNetwork.Assert(network, OnnxReader.Read(file));
    }

    [Fact]
    public void EveryEntryIsTestedAbove()
    {
        var tested = typeof(ArchitecturesTests)
            .GetMethod(nameof(SizesAreThoseOfThePapersAndOnnxKeepsAll))!
            .GetCustomAttributes(typeof(InlineDataAttribute), false)
            .Select(a => (string)((InlineDataAttribute)a).GetData(null!).Single()[0]);
        Assert.Equal(Architectures.All.Select(e => e.Name).Order(), tested.Order());
    }

    [Theory]
    [InlineData("lenet-300-100")]
    [InlineData("lenet-5")]
    [InlineData("resnet-20")]
    [InlineData("densenet-bc-100")]
    public void WeightsAreDecidedByTheSeedAndSpreadAsStated(string name)
    {
        Network first = Architectures.Create(name, 1),
            again = Architectures.Create(name, 1),
            other = Architectures.Create(name, 2);
        HashSet<string> normal =
        [
            .. first.Nodes.Where(n => n.Operator.Type == "Conv" && n.Inputs.Length == 2).Select(n => n.Inputs[1]),
        ];
        HashSet<string> given =
        [
            .. first.Nodes.Where(n => n.Operator.Type == "BatchNormalization").SelectMany(n => n.Inputs.Skip(1)),
        ];
        foreach (Weight w in first.Weights.Where(w => w.IsTrainable))
        {
            Assert.True(w.Encoding.Decode().Bytes().SequenceEqual(again.Weights[w.Name].Encoding.Decode().Bytes()));
            Assert.Equal(
                given.Contains(w.Name),
                w.Encoding.Decode().Bytes().SequenceEqual(other.Weights[w.Name].Encoding.Decode().Bytes())
            );
            if (given.Contains(w.Name))
                Assert.All(w.Encoding.Decode().Array<float>(), x =>
                    Assert.Equal(
                        w.Name.EndsWith("weight", StringComparison.Ordinal)
                        || w.Name.EndsWith("var", StringComparison.Ordinal)
                            ? 1
                            : 0,
                        x
                    )
                );
            else if (normal.Contains(w.Name))
                HasVariance(w.Encoding.Decode(), 2.0 / (w.Encoding.Shape[0] * w.Encoding.Shape.CountFrom(2)));
            else
                IsUniform(w, first.Weights[w.Name.Replace(".bias", ".weight")].Encoding.Shape.CountFrom(1));
        }
    }

    [Fact]
    public void DashesMayBeLeftOut() => Assert.Equal("densenet-bc-100", Architectures.Create("densenetbc100", 1).Name);

    [Fact]
    public void ANameThatIsNotThereSaysWhichAre() =>
        Assert.Contains(
            "lenet-300-100, lenet-5, mlp",
            Assert.Throws<ModelException>(() => Architectures.Create("lenet", 1)).Message
        );

    private static void IsUniform(Weight w, long fan) =>
        Assert.InRange(w.Encoding.Decode().Array<float>().Max(Math.Abs), 0.5 / Math.Sqrt(fan), 1 / Math.Sqrt(fan));

    /// <summary>Within five deviations of the estimate of a normal variance, which are √(2/n) of it each.</summary>
    private static void HasVariance(Tensor numbers, double variance) =>
        Assert.InRange(
            numbers.Array<float>().Average(x => (double)x * x),
            variance * (1 - 5 * Math.Sqrt(2.0 / numbers.Count)),
            variance * (1 + 5 * Math.Sqrt(2.0 / numbers.Count))
        );
}
