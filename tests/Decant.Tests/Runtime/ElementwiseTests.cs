using System.Numerics;
using Decant.Core;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Runtime;

public sealed class ElementwiseTests
{
    [Fact]
    public void RandomBroadcastsEqualTheirDefinition()
    {
        var rng = new Rng(8);
        for (int trial = 0; trial < 60; trial++)
        {
            int rank = rng.Next(5);
            int[] full = [.. Enumerable.Range(0, rank).Select(_ => 1 + rng.Next(6))];
            int[] Part() => [.. full.Select(d => rng.Next(3) == 0 ? 1 : d).Skip(rng.Next(rank + 1))];
            Compare(Random(rng, Part()), Random(rng, Part()));
            Compare(Random(rng, full), Random(rng, full));
        }
    }

    [Fact]
    public void EveryTailOfEqualShapes()
    {
        var rng = new Rng(9);
        for (int n = 0; n < 40; n++)
            Compare(Random(rng, n), Random(rng, n));
        float[] a = Random(rng, 200_003).Array<float>(),
            b = Random(rng, 200_003).Array<float>();
        Assert.Equal(a.Zip(b, (x, y) => x + y), Run("Add", With(), Tensor.Vector(a), Tensor.Vector(b)).Array<float>());
    }

    [Fact]
    public void EveryNumericType()
    {
        Types<double>();
        Types<float>();
        Types<Half>();
        Types<sbyte>();
        Types<short>();
        Types<int>();
        Types<long>();
        Types<byte>();
        Types<ushort>();
        Types<uint>();
        Types<ulong>();
    }

    [Fact]
    public void IntegersWrapTruncateAndRefuseZero()
    {
        Assert.Equal([(byte)4], Run("Add", With(), Tensor.Vector((byte)250), Tensor.Vector((byte)10)).Array<byte>());
        Assert.Equal(
            [-3, int.MinValue],
            Run("Div", With(), Tensor.Vector(-7, int.MinValue), Tensor.Vector(2, -1)).Array<int>()
        );
        var e = Assert.Throws<ModelException>(() => Run("Div", With(), Tensor.Vector(1, 2), Tensor.Vector(1, 0)));
        Assert.Equal("node 'n' (Div): an integer is divided by 0", e.Message);
        Assert.Throws<ModelException>(() => Run("Add", With(), Tensor.Vector(true), Tensor.Vector(false)));
        Assert.Contains(
            "element type",
            Assert.Throws<ModelException>(() => Run("Add", With(), Tensor.Vector(1), Tensor.Vector(1f))).Message
        );
    }

    [Fact]
    public void ReluOnEveryTail()
    {
        var rng = new Rng(10);
        for (int n = 0; n < 40; n++)
        {
            Tensor x = Random(rng, n);
            Assert.Equal(x.Array<float>().Select(v => v > 0 ? v : 0), Run("Relu", With(), x).Array<float>());
        }
        Assert.True(float.IsNaN(Run("Relu", With(), Tensor.Vector(float.NaN)).Array<float>()[0]));
        Assert.Equal([0, 5, 0], Run("Relu", With(), Tensor.Vector<sbyte>(-128, 5, 0)).Array<sbyte>());
        Assert.Equal([0, 5], Run("Relu", With(), Tensor.Vector(-1L, 5L)).Array<long>());
        Assert.Equal([(Half)0, (Half)5], Run("Relu", With(), Tensor.Vector((Half)(-1), (Half)5)).Array<Half>());
    }

    [Fact]
    public void SigmoidAndTanh()
    {
        float[] x = [-200, -1, 0, 0.5f, 200];
        Close(
            [.. x.Select(v => (float)(1 / (1 + Math.Exp(-(double)v))))],
            Run("Sigmoid", With(), Tensor.Vector(x)),
            1e-6
        );
        Close([.. x.Select(v => (float)Math.Tanh(v))], Run("Tanh", With(), Tensor.Vector(x)), 1e-6);
        Assert.Equal(Math.Tanh(0.5), Run("Tanh", With(), Tensor.Vector(0.5)).Array<double>()[0], 12);
        Assert.Equal(0.6225f, (float)Run("Sigmoid", With(), Tensor.Vector((Half)0.5)).Array<Half>()[0], 0.001f);
    }

    [Fact]
    public void SoftmaxAlongEveryAxis()
    {
        Tensor x = Random(new Rng(11), 3, 4, 5);
        for (int axis = -3; axis < 3; axis++)
        {
            int a = (axis + 3) % 3;
            float[] expected =
            [
                .. Coordinates([3, 4, 5])
                    .Select(o =>
                        (float)(Math.Exp(At(x, o)) / Enumerable.Range(0, x.Shape[a]).Sum(i => Math.Exp(At(x, o, a, i))))
                    ),
            ];
            Close(expected, Run("Softmax", With(("axis", (long)axis)), x), 1e-6);
        }
        Close([0.5f, 0.5f, 0], Run("Softmax", With(), Tensor.Vector(10000f, 10000f, -10000f)), 1e-7);
        Assert.Equal(0, Run("Softmax", With(), Tensor.Zeros(ElementType.Float32, new Shape(2, 0))).Count);
    }

    [Fact]
    public void BatchNormalizationIsItsFormula()
    {
        var rng = new Rng(12);
        foreach (int[] dims in new int[][] { [4, 3], [2, 3, 5], [2, 3, 2, 3], [2, 3, 2, 2, 2] })
        {
            Tensor x = Random(rng, dims),
                scale = Random(rng, 3),
                bias = Random(rng, 3),
                mean = Random(rng, 3);
            Tensor variance = Tensor.Of(new Shape(3), Random(rng, 3).Array<float>().Select(v => v + 1.1f).ToArray());
            float[] expected =
            [
                .. Coordinates(dims)
                    .Select(o =>
                        (float)(
                            (At(x, o) - mean.Span<float>()[o[1]])
                                / Math.Sqrt(variance.Span<float>()[o[1]] + 0.01)
                                * scale.Span<float>()[o[1]]
                            + bias.Span<float>()[o[1]]
                        )
                    ),
            ];
            Close(expected, Run("BatchNormalization", With(("epsilon", 0.01f)), x, scale, bias, mean, variance));
        }
    }

    private static void Types<T>()
        where T : unmanaged, INumber<T>
    {
        Tensor x = Tensor.Vector(T.CreateChecked(12), T.CreateChecked(9)),
            y = Tensor.Vector(T.CreateChecked(4), T.CreateChecked(3));
        Assert.Equal([T.CreateChecked(16), T.CreateChecked(12)], Run("Add", With(), x, y).Array<T>());
        Assert.Equal([T.CreateChecked(8), T.CreateChecked(6)], Run("Sub", With(), x, y).Array<T>());
        Assert.Equal([T.CreateChecked(48), T.CreateChecked(27)], Run("Mul", With(), x, y).Array<T>());
        Assert.Equal([T.CreateChecked(3), T.CreateChecked(3)], Run("Div", With(), x, y).Array<T>());
        Assert.Equal(
            [T.CreateChecked(3), T.CreateChecked(4)],
            Run(
                    "Div",
                    With(),
                    Tensor.Scalar(T.CreateChecked(12)),
                    Tensor.Vector(T.CreateChecked(4), T.CreateChecked(3))
                )
                .Array<T>()
        );
    }

    private static void Compare(Tensor a, Tensor b)
    {
        int[] dims = [.. Shape.Broadcast(a.Shape, b.Shape).Dims];
        float[] Expected(Func<float, float, float> f) => [.. Coordinates(dims).Select(o => f(Of(a, o), Of(b, o)))];
        Assert.Equal(Expected((x, y) => x + y), Run("Add", With(), a, b).Array<float>());
        Assert.Equal(Expected((x, y) => x - y), Run("Sub", With(), a, b).Array<float>());
        Assert.Equal(Expected((x, y) => x * y), Run("Mul", With(), a, b).Array<float>());
        Assert.Equal(Expected((x, y) => x / y), Run("Div", With(), a, b).Array<float>());
    }

    private static float Of(Tensor t, int[] o) =>
        t.Span<float>()[
            Index([.. t.Shape.Dims], [.. o.Skip(o.Length - t.Shape.Rank).Select((c, i) => t.Shape[i] == 1 ? 0 : c)])
        ];

    private static float At(Tensor t, int[] o, int axis = -1, int coordinate = 0) =>
        t.Span<float>()[Index([.. t.Shape.Dims], [.. o.Select((c, i) => i == axis ? coordinate : c)])];
}
