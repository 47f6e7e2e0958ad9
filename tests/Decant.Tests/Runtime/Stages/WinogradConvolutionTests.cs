using System.Collections.Immutable;
using Decant.Core;
using Decant.Runtime;
using Xunit;
using Op = Decant.Core.Operators;

namespace Decant.Tests.Runtime.Stages;

/// <summary>
/// Winograd's convolution against sums in double precision, within the bound that its documentation states.
/// </summary>
public class WinogradConvolutionTests
{
    [Theory]
    [InlineData(1, 16, 16, 8, 8, 1f)]
    [InlineData(2, 32, 48, 7, 13, 1f)]
    [InlineData(1, 64, 16, 5, 3, 1000f)]
    [InlineData(1, 256, 32, 14, 14, 1e-3f)]
    [InlineData(3, 16, 80, 4, 4, 1f)]
    [InlineData(1, 24, 40, 9, 6, 1f)]
    [InlineData(2, 24, 24, 32, 32, 1f)]
    [InlineData(1, 8, 24, 9, 6, 1f)]
    [InlineData(2, 16, 8, 32, 32, 1f)]
    [InlineData(1, 48, 8, 18, 17, 1f)]
    [InlineData(1, 8, 16, 17, 15, 1f)]
    [InlineData(3, 24, 16, 13, 9, 1f)]
    [InlineData(1, 32, 16, 16, 16, 1000f)]
    public void ItsErrorIsBoundedByTheSumOfAbsoluteProducts(
        int images,
        int channels,
        int outputs,
        int height,
        int width,
        float size
    )
    {
        Tensor x = Random(new Shape(images, channels, height, width), 1, size),
            w = Random(new Shape(outputs, channels, 3, 3), 2, 1);
        var conv = new Op.Conv(new Attributes(("pads", ImmutableArray.Create(1L, 1L, 1L, 1L))));
        var network = new Network(
            "",
            [new ValueInfo("x", new TensorType(ElementType.Float32, x.Shape))],
            [new ValueInfo("y", new TensorType(ElementType.Float32, null))],
            [new Node("conv", conv, ["x", "w"], ["y"])],
            [new Weight("w", w)]
        );
        foreach (VectorWidth vectors in VectorWidths.All)
        {
            using InferenceSession session = new InferenceModel(network, null, vectors).CreateSession();
            float[] y = session.Run([x])[0].Array<float>();
            Assert.Contains(session.Layers, l => l.Kernel == "winograd");
            for (int i = 0; i < y.Length; i++)
            {
                var (sum, absolute) = Exact(x, w, i, outputs);
                Assert.InRange(y[i] - sum, -absolute / 65536, absolute / 65536);
            }
        }
    }

    private static (double Sum, double Absolute) Exact(Tensor x, Tensor w, int index, int outputs)
    {
        int channels = x.Shape[1],
            height = x.Shape[2],
            width = x.Shape[3];
        var (rest, column) = Math.DivRem(index, width);
        (rest, int row) = Math.DivRem(rest, height);
        var (image, output) = Math.DivRem(rest, outputs);
        ReadOnlySpan<float> a = x.Span<float>(),
            b = w.Span<float>();
        double sum = 0,
            absolute = 0;
        for (int c = 0; c < channels; c++)
        for (int t = 0; t < 9; t++)
        {
            int at = row + t / 3 - 1,
                beside = column + t % 3 - 1;
            if (at < 0 || at >= height || beside < 0 || beside >= width)
                continue;
            double term =
                (double)a[((image * channels + c) * height + at) * width + beside] * b[(output * channels + c) * 9 + t];
            (sum, absolute) = (sum + term, absolute + Math.Abs(term));
        }
        return (sum, absolute);
    }

    private static Tensor Random(Shape shape, int seed, float size)
    {
        var random = new Random(seed);
        Tensor tensor = Tensor.Zeros(ElementType.Float32, shape);
        foreach (ref float v in tensor.Span<float>())
            v = (float)(random.NextDouble() * 2 - 1) * size;
        return tensor;
    }
}
