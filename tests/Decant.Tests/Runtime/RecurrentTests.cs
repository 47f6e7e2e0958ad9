using Decant.Core;
using Decant.Runtime.Products;
using Decant.Runtime.Recurrent;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Runtime;

public sealed class RecurrentTests
{
    [Fact]
    public void OneRowEqualsTheScalarProductToTheBitAtEveryTail()
    {
        var rng = new Rng(1);
        foreach (int columns in Enumerable.Range(1, 140))
        foreach (int depth in new[] { 0, 1, 7, 300 })
        {
            float[] a = Random(rng, depth).Array<float>(),
                b = Random(rng, depth, columns).Array<float>(),
                c = Random(rng, columns).Array<float>();
            float[] expected = (float[])c.Clone(),
                packed = new float[PackedRight.Length(depth, columns)];
            ScalarProduct.Accumulate<float>(a, b, expected, (1, depth, columns), (depth, 1), (columns, 1), default);
            PackedRight.Pack(MatrixView.RowMajor(b, 0, depth, columns), packed);
            VectorMatrixProduct.Accumulate(a, packed, c);
            Assert.Equal(expected, c);
        }
    }

    [Theory]
    [InlineData("Sigmoid")]
    [InlineData("Tanh")]
    [InlineData("Relu")]
    public void ActivationsAreThoseOfTheLibraryWhereverANumberStands(string name)
    {
        float[] x =
        [
            .. Enumerable.Range(0, 4003).Select(i => (i - 2001) * 0.01f),
            float.NegativeInfinity,
            float.PositiveInfinity,
            1e-6f,
            -1e-6f,
            90,
            -90,
        ];
        float[] whole = (float[])x.Clone();
        GateFunction.Apply(name, whole);
        for (int i = 0; i < x.Length; i++)
        {
            double expected = name switch
            {
                "Sigmoid" => 1 / (1 + Math.Exp(-x[i])),
                "Tanh" => Math.Tanh(x[i]),
                _ => Math.Max(0, x[i]),
            };
            Assert.True(
                whole[i] == expected || Math.Abs(whole[i] - expected) <= 1e-6 * Math.Abs(expected) + 1e-12,
                $"{name}({x[i]}) is {whole[i]}, not {expected}"
            );
            float[] alone = [x[i]];
            GateFunction.Apply(name, alone);
            Assert.Equal(BitConverter.SingleToInt32Bits(alone[0]), BitConverter.SingleToInt32Bits(whole[i]));
        }
    }

    [Theory]
    [InlineData("LSTM", 4, 3)]
    [InlineData("GRU", 3, 2)]
    public void ThreadsChangeNothingAndASequenceDoesNotSeeItsNeighbours(string type, int gates, int outputs)
    {
        var rng = new Rng(2);
        const int Steps = 6,
            Batch = 5,
            Input = 9,
            Hidden = 33;
        Tensor x = Random(rng, Steps, Batch, Input),
            w = Random(rng, 1, gates * Hidden, Input),
            r = Random(rng, 1, gates * Hidden, Hidden);
        IReadOnlyList<Tensor> one = RunAll(type, Attributes.None, outputs, 1, x, w, r),
            many = RunAll(type, Attributes.None, outputs, 4, x, w, r);
        for (int i = 0; i < outputs; i++)
            Assert.Equal(one[i].Array<float>(), many[i].Array<float>());
        Tensor alone = Run("Slice", Attributes.None, x, Tensor.Vector(3L), Tensor.Vector(4L), Tensor.Vector(1L));
        Assert.Equal(
            one[1].Array<float>()[(3 * Hidden)..(4 * Hidden)],
            RunAll(type, Attributes.None, outputs, 1, alone, w, r)[1].Array<float>()
        );
    }

    [Fact]
    public void WhatDoesNotFitIsNamed()
    {
        var rng = new Rng(3);
        Tensor x = Random(rng, 2, 1, 3),
            w = Random(rng, 1, 8, 3),
            r = Random(rng, 1, 8, 2);
        void Refused(string reason, Attributes attributes, params Tensor?[] inputs) =>
            Assert.Contains(reason, Assert.Throws<ModelException>(() => Run("LSTM", attributes, inputs)).Message);
        Refused("W has shape 1×8×4", Attributes.None, x, Random(rng, 1, 8, 4), r);
        Refused("B has shape 1×8; it must have 1×16", Attributes.None, x, w, r, Random(rng, 1, 8));
        Refused("'hidden_size' is 3", With(("hidden_size", 3L)), x, w, r);
        Refused("a sequence of 3 steps; X has 2", Attributes.None, x, w, r, null, Tensor.Vector(3));
        Refused("'direction' is 'sideways'", With(("direction", "sideways")), x, w, r);
        Refused("Float64", Attributes.None, Doubles(x), Doubles(w), Doubles(r));
    }
}
