using Decant.Core;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Runtime;

/// <summary>Functions of one tensor against their definitions in doubles, at every tail.</summary>
public sealed class FunctionTests
{
    private static readonly Dictionary<string, Func<double, double>> Definitions = new()
    {
        ["Ceil"] = Math.Ceiling,
        ["Celu"] = x => Math.Max(0, x) + Math.Min(0, Math.Exp(x) - 1),
        ["Cos"] = Math.Cos,
        ["Elu"] = x => x > 0 ? x : Math.Exp(x) - 1,
        ["Erf"] = Erf,
        ["Exp"] = Math.Exp,
        ["Floor"] = Math.Floor,
        ["Gelu"] = x => x * (1 + Erf(x / Math.Sqrt(2))) / 2,
        ["HardSigmoid"] = x => Math.Clamp(0.2 * x + 0.5, 0, 1),
        ["HardSwish"] = x => x * Math.Clamp(x / 6 + 0.5, 0, 1),
        ["LeakyRelu"] = x => x < 0 ? 0.01 * x : x,
        ["Mish"] = x => x * Math.Tanh(Math.Log(1 + Math.Exp(x))),
        ["Reciprocal"] = x => 1 / x,
        ["Round"] = x => Math.Round(x, MidpointRounding.ToEven),
        ["Selu"] = x => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.Exp(x) - 1)),
        ["Sin"] = Math.Sin,
        ["Softplus"] = x => Math.Log(1 + Math.Exp(x)),
        ["Softsign"] = x => x / (1 + Math.Abs(x)),
        ["Tanh"] = Math.Tanh,
        ["ThresholdedRelu"] = x => x > 1 ? x : 0,
    };

    [Fact]
    public void AtEveryTailInBothPrecisions()
    {
        foreach (var (type, definition) in Definitions)
            for (int n = 0; n < 21; n++)
            {
                float[] x = [.. Enumerable.Range(0, n).Select(i => (i * 7 % 21 - 10) * 0.5f + 0.03f)];
                double[] expected = [.. x.Select(v => definition(v))];
                Close(Array.ConvertAll(expected, e => (float)e), Run(type, With(), Tensor.Vector(x)), 3e-6);
                double[] actual = Run(type, With(), Tensor.Vector(Array.ConvertAll(x, v => (double)v))).Array<double>();
                // Coefficients given as attributes are floats.
                double tolerance = type is "LeakyRelu" or "HardSigmoid" or "Selu" ? 1e-7 : 1e-11;
                for (int i = 0; i < n; i++)
                    Assert.True(
                        Math.Abs(expected[i] - actual[i]) <= tolerance * (1 + Math.Abs(expected[i])),
                        $"{type}({x[i]}) is {actual[i]}, not {expected[i]}"
                    );
            }
    }

    [Fact]
    public void FarOutAndNoNumbers()
    {
        float inf = float.PositiveInfinity;
        Tensor far = Tensor.Vector(-inf, -1e30f, -100, 100, 1e30f, inf, float.NaN);
        Assert.Equal([-1, -1, -1, 1, 1, 1, float.NaN], Run("Erf", With(), far).Array<float>());
        Assert.Equal([-1, -1, -1, 1, 1, 1, float.NaN], Run("Tanh", With(), far).Array<float>());
        Assert.Equal([0, 0, 0, 1, 1, 1, float.NaN], Run("HardSigmoid", With(), far).Array<float>());
        Assert.Equal([-1, -1, -1, 100, 1e30f, inf, float.NaN], Run("Elu", With(), far).Array<float>());
        Assert.Equal([100, 1e30f, inf, float.NaN], Run("Softplus", With(), far).Array<float>()[3..]);
        Assert.Equal([-1, -1, -1, 1, 1, 1, float.NaN], Run("Sign", With(), far).Array<float>());
    }

    [Fact]
    public void NearZeroNothingIsLost()
    {
        double[] x = [1e-9, -1e-9, 1e-14, -1e-14];
        foreach (string type in new[] { "Tanh", "Elu", "Celu" })
            Assert.All(Run(type, With(), Tensor.Vector(x)).Array<double>().Zip(x), p =>
                Assert.Equal(1, p.First / p.Second, 1e-8)
            );
        Assert.Equal(Math.Exp(-30), Run("Softplus", With(), Tensor.Vector(-30.0)).Array<double>()[0], 1e-25);
    }

    [Fact]
    public void ReductionsAreTheirDefinitions()
    {
        var rng = new Rng(4);
        int[] dims = [3, 4, 5];
        Tensor x = Random(rng, dims);
        foreach (int[] axes in new int[][] { [0], [1], [2], [0, 2], [1, 2], [0, 1, 2], [-1, 0] })
        {
            int[] gone = [.. axes.Select(a => (a + 3) % 3)];
            double[][] groups =
            [
                .. Coordinates(dims)
                    .GroupBy(o => string.Join(',', o.Where((_, i) => !gone.Contains(i))))
                    .Select(g => g.Select(o => (double)x.Span<float>()[Index(dims, o)]).ToArray()),
            ];
            void Check(string type, Func<double[], double> of) =>
                Close(
                    [.. groups.Select(g => (float)of(g))],
                    Run(type, With(("keepdims", 0L)), x, Tensor.Vector(Array.ConvertAll(axes, a => (long)a))),
                    1e-6
                );
            Check("ReduceSum", g => g.Sum());
            Check("ReduceMean", g => g.Average());
            Check("ReduceMax", g => g.Max());
            Check("ReduceMin", g => g.Min());
            Check("ReduceProd", g => g.Aggregate(1.0, (a, b) => a * b));
            Check("ReduceL1", g => g.Sum(Math.Abs));
            Check("ReduceL2", g => Math.Sqrt(g.Sum(v => v * v)));
            Check("ReduceLogSumExp", g => Math.Log(g.Sum(Math.Exp)));
            Check("ReduceSumSquare", g => g.Sum(v => v * v));
        }
    }

    [Fact]
    public void ResultsDoNotDependOnThreads()
    {
        Tensor x = Random(new Rng(5), 3, 70_001);
        foreach (string type in new[] { "ReduceSum", "Gelu", "ReduceLogSumExp" })
            Assert.Equal(
                RunAll(type, With(), 1, 1, x)[0].Array<float>(),
                RunAll(type, With(), 1, 4, x)[0].Array<float>()
            );
    }

    [Fact]
    public void WhatCannotBeIsSaid()
    {
        string Message(string type, Attributes attributes, params Tensor?[] inputs) =>
            Assert.Throws<ModelException>(() => Run(type, attributes, inputs)).Message;
        Tensor x = Tensor.Vector(1f, 2);
        Assert.Contains("axis -1 of 2 is reduced twice", Message("ReduceSum", With(), x, Tensor.Vector(0L, -1)));
        Assert.Contains(
            "no elements to choose from",
            Message("ArgMax", With(), Tensor.Zeros(ElementType.Float32, new Shape(0, 2)))
        );
        Assert.Contains(
            "blocks of 2",
            Message("QuantizeLinear", With(("axis", 0L), ("block_size", 2L)), x, Tensor.Vector(1f, 1, 1))
        );
        Assert.Contains("element types must agree", Message("Max", With(), x, Tensor.Vector(1, 2)));
        Assert.Contains("Bool", Message("And", With(), x, x));
        Assert.Contains("element type 99", Message("Cast", With(("to", 99L)), x));
        Assert.Contains("does not broadcast", Message("PRelu", With(), x, Random(new Rng(1), 3, 2)));
        Assert.Contains("random", Message("Dropout", With(), x, Tensor.Scalar(0.5f), Tensor.Scalar(true)));
        Assert.Contains("divided by 0", Message("Mod", With(), Tensor.Vector(1), Tensor.Vector(0)));
    }

    [Fact]
    public void DropoutWithASeedDropsWhatOnnxsReferenceDoes()
    {
        // The first uniform numbers of seed 0 are 0.549, 0.715, 0.603, 0.545, 0.424: at a ratio of 0.6 the second and
        // third are kept.
        Tensor x = Tensor.Vector(1f, 2, 3, 4, float.NaN),
            ratio = Tensor.Scalar(0.6f),
            yes = Tensor.Scalar(true);
        IReadOnlyList<Tensor> results = RunAll("Dropout", With(("seed", 0L)), 2, 2, x, ratio, yes);
        Assert.Equal([0, 5f, 7.5f, 0, float.NaN], results[0].Array<float>().Select(v => MathF.Round(v, 4)));
        Assert.Equal([false, true, true, false, false], results[1].Array<bool>());
        Assert.Equal(
            [1f, 2, 3, 4, float.NaN],
            Run("Dropout", With(("seed", 0L)), x, ratio, Tensor.Scalar(false)).Array<float>()
        );
        Assert.Contains(
            "0 to 4294967295",
            Assert.Throws<ModelException>(() => Run("Dropout", With(("seed", -1L)), x, ratio, yes)).Message
        );
    }

    /// <summary>2/√π·e^(−x²)·Σ 2ⁿx^(2n+1)/(2n+1)‼, whose terms all have one sign.</summary>
    private static double Erf(double x)
    {
        double sum = 0,
            term = x;
        for (int n = 0; n < 300; n++, term *= 2 * x * x / (2 * n + 1))
            sum += term;
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
