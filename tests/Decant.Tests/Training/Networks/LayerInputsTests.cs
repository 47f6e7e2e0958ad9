using Decant.Core;
using Decant.Core.Operators;
using Decant.Tests.Torch;
using Decant.Torch;
using Decant.Training;
using Xunit;
using ElementType = Decant.Core.ElementType;
using Shape = Decant.Core.Shape;

namespace Decant.Tests.Training.Networks;

[Collection("libtorch")]
public sealed class LayerInputsTests
{
    [TorchFact]
    public void AConvolutionsOutputIsItsInputsTimesItsWeight()
    {
        var attributes = new Attributes(
            ("strides", Longs(2, 1)),
            ("dilations", Longs(1, 2)),
            ("pads", Longs(1, 0, 2, 3))
        );
        Check(new Conv(attributes), new Shape(2, 3, 7, 6), new Shape(4, 3, 2, 3), transposed: false, channels: true);
    }

    [TorchFact]
    public void AProductsOutputIsItsInputsTimesItsWeight()
    {
        Check(new Gemm(new Attributes(("transB", 1L))), new Shape(5, 3), new Shape(4, 3), transposed: false);
        Check(new Gemm(new Attributes(("alpha", 0.5f))), new Shape(5, 3), new Shape(3, 4), transposed: true);
        Check(
            new Gemm(new Attributes(("transA", 1L), ("transB", 1L))),
            new Shape(3, 5),
            new Shape(4, 3),
            transposed: false
        );
        Check(new MatMul(Attributes.None), new Shape(2, 5, 3), new Shape(3, 4), transposed: true);
    }

    [TorchFact]
    public void InputsOfGroupsCannotBeHad()
    {
        Network network = Layer(new Conv(new Attributes(("group", 2L))), new Shape(1, 4, 5, 5), new Shape(2, 2, 3, 3));
        Assert.False(LayerInputs.CanBeHad(network, network.Nodes[0]));
    }

    private static void Check(Operator op, Shape input, Shape weight, bool transposed, bool channels = false)
    {
        Network network = Layer(op, input, weight);
        Assert.True(LayerInputs.CanBeHad(network, network.Nodes[0]));
        using var torch = new TrainingNetwork(network);
        using var scope = new TorchScope();
        using var noGrad = new NoGrad();
        TorchTensor y = torch.Forward(
            false,
            TorchTensor.From<float>(Numbers(input, 1), [.. input.Dims.Select(d => (long)d)])
        )[0];
        TorchTensor w = TorchTensor.From<float>(
            Numbers(weight, 2),
            transposed ? [weight[0], weight[1]] : [weight[0], weight.CountFrom(1)]
        );
        float[] product = LayerInputs
            .Of(torch, network.Nodes[0])
            .MatMul(transposed ? w : w.Transpose(0, 1))
            .ToArray<float>();
        float[] expected = (channels ? y.Permute(0, 2, 3, 1).Contiguous() : y).ToArray<float>();
        Assert.Equal(expected, product, (a, b) => Math.Abs(a - b) < 1e-4);
    }

    private static Network Layer(Operator op, Shape input, Shape weight) =>
        new(
            "layer",
            [new ValueInfo("x", new TensorType(ElementType.Float32, input))],
            [new ValueInfo("y", new TensorType(ElementType.Float32, null))],
            [new Node("layer", op, ["x", "w"], ["y"])],
            [new Weight("w", Tensor.Of(weight, Numbers(weight, 2)))]
        );

    private static float[] Numbers(Shape shape, ulong seed)
    {
        var rng = new Rng(seed);
        return [.. Enumerable.Range(0, (int)shape.Count).Select(_ => (float)rng.NextNormal())];
    }

    private static System.Collections.Immutable.ImmutableArray<long> Longs(params long[] values) => [.. values];
}
