using System.Collections.Immutable;
using Decant.Core;
using Decant.Core.Operators;
using Decant.Runtime;

namespace Decant.Bench;

/// <summary>One layer in floats, run by the runtime as a network of its own on one thread.</summary>
internal sealed class DenseLayer
{
    private readonly InferenceSession session;

    private DenseLayer(Operator layer, Shape input, Shape weight, float[] values)
    {
        var network = new Network(
            "layer",
            [new ValueInfo("x", new TensorType(ElementType.Float32, input))],
            [new ValueInfo("y", new TensorType(ElementType.Float32, null))],
            [new Node("y", layer, ["x", "w"], ["y"])],
            [new Weight("w", Tensor.Of(weight, values))]
        );
        session = new InferenceModel(network).CreateSession();
        session.Input<float>("x").Fill(0.5f);
    }

    /// <summary>rows × depth times the transpose of outputs × depth.</summary>
    public static DenseLayer Product(float[] weights, int rows, int depth, int outputs) =>
        new(new Gemm(new Attributes(("transB", 1L))), new Shape(rows, depth), new Shape(outputs, depth), weights);

    /// <summary>A 3×3 convolution that keeps the size of a square image and its channels.</summary>
    public static DenseLayer Convolution(float[] weights, int channels, int side) =>
        new(
            new Conv(
                new Attributes(
                    ("kernel_shape", ImmutableArray.Create(3L, 3L)),
                    ("pads", ImmutableArray.Create(1L, 1L, 1L, 1L))
                )
            ),
            new Shape(1, channels, side, side),
            new Shape(channels, channels, 3, 3),
            weights
        );

    /// <summary>As many multiply-adds, of taps two apart, which only direct convolution computes.</summary>
    public static DenseLayer DirectConvolution(float[] weights, int channels, int side) =>
        new(
            new Conv(
                new Attributes(
                    ("dilations", ImmutableArray.Create(2L, 2L)),
                    ("pads", ImmutableArray.Create(2L, 2L, 2L, 2L))
                )
            ),
            new Shape(1, channels, side, side),
            new Shape(channels, channels, 3, 3),
            weights
        );

    public void Run() => session.Run();
}
