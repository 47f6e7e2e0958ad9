using Decant.Core;
using Decant.Core.Operators;
using Decant.Data;
using Decant.Runtime;
using Decant.Techniques.Statistics;
using Xunit;

namespace Decant.Tests.Techniques.Statistics;

public sealed class LayerInputsTests
{
    [Fact]
    public void AConvolutionsOutputIsItsInputsTimesItsWeight()
    {
        Check(
            new Conv(new Attributes(("strides", Longs(2, 1)), ("dilations", Longs(1, 2)), ("pads", Longs(1, 0, 2, 3)))),
            new Shape(3, 7, 6),
            new Shape(4, 3, 2, 3)
        );
        Check(new Conv(new Attributes(("strides", Longs(3, 3)))), new Shape(2, 8, 11), new Shape(4, 2, 2, 1));
        Check(
            new Conv(new Attributes(("auto_pad", "SAME_LOWER"), ("strides", Longs(1, 2)), ("dilations", Longs(2, 1)))),
            new Shape(2, 5, 8),
            new Shape(3, 2, 3, 4)
        );
        Check(new Conv(new Attributes(("pads", Longs(4, 4, 4, 4)))), new Shape(1, 2, 2), new Shape(2, 1, 3, 3));
    }

    [Fact]
    public void AProductsOutputIsItsInputsTimesItsWeight()
    {
        Check(new Gemm(new Attributes(("transB", 1L))), new Shape(3), new Shape(4, 3));
        Check(new Gemm(new Attributes(("alpha", 0.5f))), new Shape(3), new Shape(3, 4));
        Check(new MatMul(Attributes.None), new Shape(5, 3), new Shape(3, 4));
    }

    [Fact]
    public void InputsOfGroupsAndOfTransposedBatchesCannotBeHad()
    {
        Network groups = Layer(new Conv(new Attributes(("group", 2L))), new Shape(4, 5, 5), new Shape(2, 2, 3, 3));
        Assert.False(LayerInputs.CanBeHad(groups, groups.Nodes[0]));
        Network turned = Layer(new Gemm(new Attributes(("transA", 1L))), new Shape(3), new Shape(3, 4));
        Assert.False(LayerInputs.CanBeHad(turned, turned.Nodes[0]));
        Assert.Contains(
            "'y' is the output of no layer",
            Assert.Throws<ModelException>(() => LayerInputs.LayerOf(turned, "y")).Message
        );
    }

    /// <summary>The layer's output by the plain executor, its inputs, their sums and second moments agree.</summary>
    private static void Check(Operator op, Shape example, Shape weight)
    {
        const int Examples = 5;
        Network network = Layer(op, example, weight);
        Node layer = network.Nodes[0];
        Assert.True(LayerInputs.CanBeHad(network, layer));
        var inputs = new LayerInputs(network, layer);
        Tensor x = Tensor.Of(new Shape([Examples, .. example.Dims]), Normal((int)(Examples * example.Count), 1));
        Tensor y = new ReferenceExecutor(network, 1).Run([x])[0];
        double[][] vectors = Vectors(network, inputs, x);
        int outputs = op is Conv ? weight[0] : y.Shape[y.Shape.Rank - 1],
            places = (int)(y.Shape.Count / outputs / Examples);
        Assert.Equal(Examples * places, vectors.Length);
        for (int v = 0; v < vectors.Length; v++)
        for (int o = 0; o < outputs; o++)
        {
            double product = vectors[v].Select((n, i) => n * WeightAt(network, op, o, i)).Sum();
            int at = op is Conv ? (v / places * outputs + o) * places + v % places : v * outputs + o;
            Assert.Equal(y.Span<float>()[at], product, 1e-4);
        }
        CollectedStatistics collected = CollectedStatistics.Collect(
            network,
            [new LayerMeansRequest("y", Examples), new LayerMomentsRequest("y", Examples)],
            new ArraySource("x", [new("x", x)]),
            Preprocessing.None,
            1
        );
        SecondMoments moments = collected.Find(new LayerMomentsRequest("y", Examples))!;
        double[] means = collected.Find(new LayerMeansRequest("y", Examples))!;
        Assert.Equal((vectors.Length, Examples), (moments.Vectors, moments.Examples));
        for (int i = 0; i < inputs.Size; i++)
        {
            Assert.Equal(vectors.Average(v => v[i]), means[i], 1e-6);
            Assert.Equal(vectors.Sum(v => v[i]), moments.Sums[i], 1e-5);
            for (int j = 0; j < inputs.Size; j++)
                Assert.Equal(vectors.Sum(v => v[i] * v[j]), moments.Products[i * inputs.Size + j], 1e-5);
        }
    }

    private static double[][] Vectors(Network network, LayerInputs inputs, Tensor x)
    {
        double[][] vectors = [];
        using var observer = new NetworkObserver(network, ["x"]);
        new ActivationPass(new ArraySource("x", [new("x", x)]), Preprocessing.None).Run([observer], _ =>
        {
            Activation activation = observer["x"];
            int count = inputs.CountIn(activation);
            // In two parts, so that a part begins in the middle of an example.
            var matrix = new double[inputs.Size * count];
            inputs.CopyTo(activation, 0, count / 3, matrix, count, 0);
            inputs.CopyTo(activation, count / 3, count - count / 3, matrix, count, count / 3);
            vectors =
            [
                .. vectors,
                .. Enumerable
                    .Range(0, count)
                    .Select(v => Enumerable.Range(0, inputs.Size).Select(i => matrix[i * count + v]).ToArray()),
            ];
        });
        return vectors;
    }

    private static double WeightAt(Network network, Operator op, int output, int input)
    {
        Encoding weight = network.Weights["w"].Encoding;
        float[] values = weight.Decode().Array<float>();
        bool rows = op is Conv or Gemm { TransB: true };
        int columns = (int)weight.Shape.CountFrom(1);
        return values[rows ? output * columns + input : input * columns + output];
    }

    private static Network Layer(Operator op, Shape example, Shape weight) =>
        new(
            "layer",
            [new ValueInfo("x", new TensorType(ElementType.Float32, new Shape([Shape.Unknown, .. example.Dims])))],
            [new ValueInfo("y", new TensorType(ElementType.Float32, null))],
            [new Node("layer", op, ["x", "w"], ["y"])],
            [new Weight("w", Tensor.Of(weight, Normal((int)weight.Count, 2)))]
        );

    private static float[] Normal(int count, ulong seed)
    {
        var rng = new Rng(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)rng.NextNormal())];
    }

    private static System.Collections.Immutable.ImmutableArray<long> Longs(params long[] values) => [.. values];
}
