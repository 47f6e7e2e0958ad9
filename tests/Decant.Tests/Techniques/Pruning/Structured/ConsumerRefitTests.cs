using Decant.Core;
using Decant.Core.Operators;
using Decant.Data;
using Decant.Runtime;
using Decant.Techniques;
using Decant.Tests.Torch;
using Xunit;

namespace Decant.Tests.Techniques.Pruning.Structured;

[Collection("libtorch")]
public sealed class ConsumerRefitTests
{
    private static readonly LabelledImages Images = Made(400);

    [TorchFact]
    public void TheOutputsOfTheNextLayerChangeLessThanWithoutAndAsLittleAsLeastSquaresAllow()
    {
        Network network = Convolutions();
        double plain = Error(network, Thin(network, ("level", "0.5"))),
            fitted = Error(network, Thin(network, ("level", "0.5"), ("refit", "400")));
        Assert.True(fitted < 0.7 * plain, $"{fitted} against {plain}");
        // No other weights of the last layer come closer: a step in any direction makes the error larger.
        Network thin = Thin(network, ("level", "0.5"), ("refit", "400"));
        float[] weight = thin.Weights["conv2.weight"].Encoding.Decode().Array<float>();
        var rng = new Rng(3);
        for (int i = 0; i < 10; i++)
        {
            float[] other = Array.ConvertAll(weight, w => w + 0.02f * (float)rng.NextNormal());
            Network moved = thin.With(
                new Dictionary<string, Encoding>
                {
                    ["conv2.weight"] = new DenseEncoding(Tensor.Of(thin.Weights["conv2.weight"].Encoding.Shape, other)),
                }
            );
            Assert.True(Error(network, moved) > fitted);
        }
    }

    [TorchFact]
    public void AChannelThatRepeatsAnotherIsMadeUpForEntirely()
    {
        Network network = Convolutions();
        // Filters 2 and 3 are half of filters 0 and 1.
        float[] first = (float[])network.Weights["conv1.weight"].Encoding.Decode().Array<float>().Clone(),
            bias = (float[])network.Weights["conv1.bias"].Encoding.Decode().Array<float>().Clone();
        for (int i = 0; i < 18; i++)
            first[18 + i] = 0.5f * first[i];
        (bias[2], bias[3]) = (0.5f * bias[0], 0.5f * bias[1]);
        network = network.With(
            new Dictionary<string, Encoding>
            {
                ["conv1.weight"] = new DenseEncoding(Tensor.Of(new Shape(4, 1, 3, 3), first)),
                ["conv1.bias"] = new DenseEncoding(Tensor.Vector(bias)),
            }
        );
        Network thin = Thin(network, ("level", "0.5"), ("refit", "400"));
        Assert.Equal(2, thin.Weights["conv1.weight"].Encoding.Shape[0]);
        Assert.True(Error(network, thin) < 0.02 * Error(network, Thin(network, ("level", "0.5"))));
    }

    [Fact]
    public void WithoutImagesItIsAnErrorThatSaysSo()
    {
        Network network = Convolutions();
        Technique technique = Options.Make("structured-pruning", ("level", "0.5"), ("refit", "10"));
        Assert.True(technique.NeedsData);
        Assert.Contains(
            "'refit' needs training data",
            Assert.Throws<DataException>(() => technique.Plan(new TechniqueContext(network, Matrices(network)))).Message
        );
    }

    private static Network Thin(Network network, params (string, string)[] options)
    {
        var context = new TechniqueContext(network, Matrices(network))
        {
            Data = Images,
            Preprocessing = Preprocessing.None,
        };
        return Options
            .Make("structured-pruning", options)
            .Plan(context)
            .Aggregate(network, (n, change) => change.Apply(n));
    }

    private static Weight[] Matrices(Network network) => [.. network.Weights.Where(w => w.Encoding.Shape.Rank > 1)];

    private static double Error(Network network, Network other)
    {
        float[] Run(Network n)
        {
            using var executor = new ReferenceExecutor(n);
            return executor.Run([Images.Images])[0].Array<float>();
        }
        return Run(network).Zip(Run(other), (a, b) => (double)(a - b) * (a - b)).Average();
    }

    private static Network Convolutions()
    {
        var rng = new Rng(8);
        Weight Random(string name, params int[] dims)
        {
            var shape = new Shape(dims);
            return new Weight(
                name,
                Tensor.Of(shape, [.. Enumerable.Range(0, (int)shape.Count).Select(_ => 0.5f * (float)rng.NextNormal())])
            );
        }
        return new Network(
            "two",
            [new ValueInfo("x", new TensorType(ElementType.Float32, new Shape(Shape.Unknown, 1, 6, 6)))],
            [new ValueInfo("y", new TensorType(ElementType.Float32, new Shape(Shape.Unknown, 3, 4, 4)))],
            [
                new Node(
                    "conv1",
                    new Conv(new Attributes(("pads", System.Collections.Immutable.ImmutableArray.Create(1L, 1, 1, 1)))),
                    ["x", "conv1.weight", "conv1.bias"],
                    ["a"]
                ),
                new Node("relu", new Relu(Attributes.None), ["a"], ["b"]),
                new Node("conv2", new Conv(Attributes.None), ["b", "conv2.weight", "conv2.bias"], ["y"]),
            ],
            [
                Random("conv1.weight", 4, 1, 3, 3),
                Random("conv1.bias", 4),
                Random("conv2.weight", 3, 4, 3, 3),
                Random("conv2.bias", 3),
            ]
        );
    }

    private static LabelledImages Made(int count)
    {
        var rng = new Rng(5);
        float[] pixels = new float[count * 36];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (i % 36 == 0 ? 0 : 0.6f * pixels[i - 1]) + (float)rng.NextNormal();
        return new LabelledImages("made", Tensor.Of(new Shape(count, 1, 6, 6), pixels), new int[count], 2);
    }
}
