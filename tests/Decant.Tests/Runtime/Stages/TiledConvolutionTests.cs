using System.Collections.Immutable;
using Decant.Core;
using Decant.Runtime;
using Xunit;
using static Decant.Tests.Runtime.OneNode;
using Op = Decant.Core.Operators;

namespace Decant.Tests.Runtime.Stages;

/// <summary>Direct convolutions whose windows slide, at every vector width, against sums in double precision.</summary>
public class TiledConvolutionTests
{
    [Theory]
    [InlineData(8, 16, 32, 1, 1, 1)]
    [InlineData(16, 8, 32, 1, 1, 1)]
    [InlineData(16, 8, 9, 1, 1, 1)]
    [InlineData(6, 4, 13, 1, 1, 1)]
    [InlineData(3, 8, 8, 1, 1, 1)]
    [InlineData(3, 16, 15, 1, 1, 1)]
    [InlineData(2, 5, 17, 1, 1, 1)]
    [InlineData(2, 5, 17, 1, 2, 1)]
    [InlineData(16, 8, 9, 1, 2, 1)]
    [InlineData(8, 4, 12, 2, 1, 1)]
    [InlineData(12, 4, 13, 1, 1, 2)]
    [InlineData(5, 16, 14, 1, 2, 1)]
    [InlineData(4, 16, 11, 2, 1, 1)]
    [InlineData(6, 24, 10, 3, 1, 1)]
    [InlineData(2, 8, 10, 1, 2, 1)]
    [InlineData(2, 8, 10, 1, 1, 2)]
    [InlineData(2, 8, 7, 1, 2, 1)]
    public void SlidingWindowsEqualTheirDefinition(
        int channels,
        int outputs,
        int width,
        int groups,
        int strideDown,
        int dilationDown
    )
    {
        const int Images = 2,
            Height = 6;
        int rows = (Height + 2 - 2 * dilationDown - 1) / strideDown + 1;
        var rng = new Rng(1);
        Tensor x = Random(rng, Images, channels, Height, width),
            w = Random(rng, outputs, channels / groups, 3, 3),
            bias = Random(rng, outputs),
            residual = Random(rng, Images, outputs, rows, width);
        Network network = Block(x, w, bias, residual, groups, strideDown, dilationDown);
        foreach (VectorWidth vectors in VectorWidths.All)
        {
            using InferenceSession session = new InferenceModel(network, null, vectors).CreateSession();
            float[] y = session.Run([x, residual])[0].Array<float>();
            if (groups * strideDown * dilationDown > 1)
                Assert.Contains(session.Layers, l => l.Kernel == "direct" && l.Name == "conv");
            for (int i = 0; i < y.Length; i++)
            {
                var (rest, column) = Math.DivRem(i, width);
                (rest, int row) = Math.DivRem(rest, rows);
                var (image, output) = Math.DivRem(rest, outputs);
                double sum = Sum(x, w, image, output, row * strideDown - 1, column - 1, outputs / groups, dilationDown);
                Assert.Equal(Math.Max(0, sum + bias.Span<float>()[output] + residual.Span<float>()[i]), y[i], 1e-4);
            }
        }
    }

    private static Network Block(
        Tensor x,
        Tensor w,
        Tensor bias,
        Tensor residual,
        int groups,
        int strideDown,
        int dilationDown
    )
    {
        var conv = new Op.Conv(
            new Attributes(
                ("pads", ImmutableArray.Create(1L, 1L, 1L, 1L)),
                ("group", (long)groups),
                ("strides", ImmutableArray.Create((long)strideDown, 1L)),
                ("dilations", ImmutableArray.Create((long)dilationDown, 1L))
            )
        );
        ValueInfo Value(string name, Shape? shape) => new(name, new TensorType(ElementType.Float32, shape));
        return new Network(
            "",
            [Value("x", x.Shape), Value("r", residual.Shape)],
            [Value("y", null)],
            [
                new Node("conv", conv, ["x", "w", "b"], ["c"]),
                new Node("add", new Op.Add(new Attributes()), ["c", "r"], ["s"]),
                new Node("relu", new Op.Relu(new Attributes()), ["s"], ["y"]),
            ],
            [new Weight("w", w), new Weight("b", bias)]
        );
    }

    private static double Sum(
        Tensor x,
        Tensor w,
        int image,
        int output,
        int top,
        int left,
        int outputsAGroup,
        int dilationDown
    )
    {
        int perGroup = w.Shape[1],
            height = x.Shape[2],
            width = x.Shape[3];
        ReadOnlySpan<float> a = x.Span<float>(),
            b = w.Span<float>();
        double sum = 0;
        for (int c = 0; c < perGroup; c++)
        for (int t = 0; t < 9; t++)
        {
            int row = top + t / 3 * dilationDown,
                column = left + t % 3,
                channel = output / outputsAGroup * perGroup + c;
            if (row < 0 || row >= height || column < 0 || column >= width)
                continue;
            sum +=
                (double)a[((image * x.Shape[1] + channel) * height + row) * width + column]
                * b[(output * perGroup + c) * 9 + t];
        }
        return sum;
    }
}
