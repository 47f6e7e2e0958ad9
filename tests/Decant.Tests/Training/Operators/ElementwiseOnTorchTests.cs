using Decant.Core;
using Decant.Tests.Runtime;
using Decant.Tests.Torch;
using Decant.Torch;
using Decant.Training;
using Xunit;
using static Decant.Tests.Runtime.OneNode;
using ElementType = Decant.Core.ElementType;

namespace Decant.Tests.Training.Operators;

/// <summary>
/// Element-wise operators on libtorch and in the managed runtime, over random shapes, types and attributes.
/// </summary>
[Collection("libtorch")]
public sealed class ElementwiseOnTorchTests
{
    private static readonly (string Type, (string, object)[] Attributes)[] Functions =
    [
        ("Ceil", []),
        ("Celu", [("alpha", 1.7f)]),
        ("Cos", []),
        ("Elu", [("alpha", 0.6f)]),
        ("Erf", []),
        ("Exp", []),
        ("Floor", []),
        ("Gelu", []),
        ("Gelu", [("approximate", "tanh")]),
        ("HardSigmoid", [("alpha", 0.3f), ("beta", 0.4f)]),
        ("HardSwish", []),
        ("LeakyRelu", [("alpha", 0.2f)]),
        ("Mish", []),
        ("Reciprocal", []),
        ("Round", []),
        ("Selu", []),
        ("Selu", [("alpha", 1.5f), ("gamma", 2f)]),
        ("Sigmoid", []),
        ("Sin", []),
        ("Softplus", []),
        ("Softsign", []),
        ("Tanh", []),
        ("ThresholdedRelu", [("alpha", 0.4f)]),
        ("Abs", []),
        ("Neg", []),
        ("Sign", []),
        ("Relu", []),
    ];

    [TorchFact]
    public void FunctionsOfEveryFloatType()
    {
        foreach (var (type, attributes) in Functions)
            for (int n = 1; n < 40; n += 6)
            {
                Tensor x = Spread(Random(new Rng((ulong)n), 2, n));
                AgainstRuntime.Same(type, With(attributes), 1, 2e-6, x);
                AgainstRuntime.Same(type, With(attributes), 1, 1e-8, Doubles(x));
                AgainstRuntime.Same(type, With(attributes), 1, 2e-3, Halves(x));
            }
        Tensor inside = Mapped(Random(new Rng(4), 3, 7), v => 0.9f * MathF.Tanh(v));
        foreach (string type in new[] { "Acos", "Asin", "Atanh", "Asinh", "Atan", "Cosh", "Sinh", "Tan" })
        {
            AgainstRuntime.Same(type, With([]), 1, 2e-6, inside);
            AgainstRuntime.Same(type, With([]), 1, 1e-8, Doubles(inside));
        }
        AgainstRuntime.Same("Acosh", With([]), 1, 4e-6, Mapped(inside, v => v + 2));
        Tensor positive = Mapped(Random(new Rng(3), 3, 7), v => Math.Abs(v) * 9 + 1e-3f);
        foreach (string type in new[] { "Log", "Sqrt" })
        {
            AgainstRuntime.Same(type, With(), 1, 2e-6, positive);
            AgainstRuntime.Same(type, With(), 1, 1e-12, Doubles(positive));
        }
    }

    [TorchFact]
    public void GradientsOfFunctions()
    {
        foreach (var (type, attributes) in Functions)
            if (type is not ("Ceil" or "Floor" or "Round" or "Sign"))
                AgainstRuntime.SameGradient(
                    type,
                    With(attributes),
                    Doubles(Mapped(Random(new Rng(5), 4, 3), v => 3 * v))
                );
        AgainstRuntime.SameGradient("Log", With(), Doubles(Mapped(Random(new Rng(5), 4, 3), v => 2 + v)));
        AgainstRuntime.SameGradient("Sqrt", With(), Doubles(Mapped(Random(new Rng(5), 4, 3), v => 2 + v)));
    }

    [TorchFact]
    public void IntegersOfEveryWidth()
    {
        foreach (ElementType t in new[] { ElementType.Int8, ElementType.Int16, ElementType.Int32, ElementType.Int64 })
        foreach (string type in new[] { "Abs", "Neg", "Sign", "Relu" })
            AgainstRuntime.Same(type, With(), 1, 0, Integers(new Rng(4), t, -100, 100, 5, 9));
    }

    [TorchFact]
    public void PairsBroadcast()
    {
        for (int i = 0; i < 30; i++)
        {
            var rng = new Rng((ulong)i);
            var (a, b) = Shapes(rng);
            foreach (
                ElementType t in new[] { ElementType.Int32, ElementType.Int64, ElementType.UInt8, ElementType.UInt16 }
            )
            {
                Tensor x = Integers(rng, t, t is ElementType.UInt8 or ElementType.UInt16 ? 0 : -9, 9, a),
                    y = Integers(rng, t, 1, 9, b);
                foreach (
                    string type in new[]
                    {
                        "Max",
                        "Min",
                        "Equal",
                        "Less",
                        "LessOrEqual",
                        "Greater",
                        "GreaterOrEqual",
                        "Mod",
                    }
                )
                    AgainstRuntime.Same(type, With(), 1, 0, x, y);
                if (t != ElementType.UInt16)
                    AgainstRuntime.Same("Pow", With(), 1, 0, x, Integers(rng, t, 0, 4, b));
                AgainstRuntime.Same("Mod", With(("fmod", 1L)), 1, 0, x, y);
            }
            Tensor p = Random(rng, a),
                q = Random(rng, b);
            foreach (string type in new[] { "Max", "Min", "Less", "Greater", "Sum", "Mean" })
                AgainstRuntime.Same(type, With(), 1, 1e-6, p, q);
            AgainstRuntime.Same("Pow", With(), 1, 1e-6, Mapped(p, Math.Abs), q);
            AgainstRuntime.Same("Pow", With(), 1, 1e-6, p, Integers(rng, ElementType.Int64, -2, 3, b));
            AgainstRuntime.Same("Mod", With(("fmod", 1L)), 1, 1e-5, p, q);
            AgainstRuntime.Same("Where", With(), 1, 0, Bools(rng, Shapes(rng, a, b)), p, q);
        }
    }

    [TorchFact]
    public void LogicBroadcasts()
    {
        for (int i = 0; i < 15; i++)
        {
            var rng = new Rng((ulong)i);
            var (a, b) = Shapes(rng);
            foreach (string type in new[] { "And", "Or", "Xor", "Equal" })
                AgainstRuntime.Same(type, With(), 1, 0, Bools(rng, a), Bools(rng, b));
            AgainstRuntime.Same("Not", With(), 1, 0, Bools(rng, a));
        }
    }

    [TorchFact]
    public void ManyInputs()
    {
        for (int i = 0; i < 15; i++)
        {
            var rng = new Rng((ulong)i);
            var (a, b) = Shapes(rng);
            Tensor[] inputs = [.. Enumerable.Range(0, 1 + rng.Next(4)).Select(k => Random(rng, k % 2 == 0 ? a : b))];
            foreach (string type in new[] { "Max", "Min", "Sum", "Mean" })
                AgainstRuntime.Same(type, With(), 1, 1e-6, inputs);
        }
        Tensor x = Doubles(Random(new Rng(1), 3, 4)),
            y = Doubles(Random(new Rng(2), 4)),
            z = Doubles(Random(new Rng(3), 3, 1));
        foreach (string type in new[] { "Max", "Min", "Sum", "Mean" })
            AgainstRuntime.SameGradient(type, With(), x, y, z);
        AgainstRuntime.SameGradient("PRelu", With(), x, y);
        AgainstRuntime.SameGradient("Where", With(), Bools(new Rng(4), 3, 4), x, y);
        AgainstRuntime.SameGradient("Clip", With(), x, Tensor.Scalar(-0.4), Tensor.Scalar(0.3));
        AgainstRuntime.SameGradient("Pow", With(), Doubles(Mapped(Random(new Rng(1), 3, 4), v => 2 + v)), y);
        AgainstRuntime.SameGradient("Identity", With(), x);
        AgainstRuntime.SameGradient("Dropout", With(), x);
    }

    [TorchFact]
    public void SlopesAndBounds()
    {
        var rng = new Rng(7);
        Tensor x = Random(rng, 2, 3, 5);
        foreach (int[] slope in new int[][] { [], [5], [3, 1], [2, 1, 1], [2, 3, 5] })
            AgainstRuntime.Same("PRelu", With(), 1, 1e-6, x, Random(rng, slope));
        AgainstRuntime.Same("Clip", With(), 1, 0, x, Tensor.Scalar(-0.5f), Tensor.Scalar(0.2f));
        AgainstRuntime.Same("Clip", With(), 1, 0, x, Tensor.Scalar(0.5f), Tensor.Scalar(0.2f));
        AgainstRuntime.Same("Clip", With(), 1, 0, x, null, Tensor.Scalar(0.2f));
        AgainstRuntime.Same("Clip", With(), 1, 0, x);
        AgainstRuntime.Same(
            "Clip",
            With(),
            1,
            0,
            Integers(rng, ElementType.Int8, -128, 127, 3, 30),
            Tensor.Scalar((sbyte)-7),
            Tensor.Scalar((sbyte)9)
        );
    }

    [TorchFact]
    public void CastsBetweenAllTypes()
    {
        ElementType[] types =
        [
            ElementType.Float32,
            ElementType.Float64,
            ElementType.Float16,
            ElementType.Int8,
            ElementType.Int16,
            ElementType.Int32,
            ElementType.Int64,
            ElementType.UInt8,
            ElementType.UInt16,
            ElementType.UInt32,
            ElementType.Bool,
            ElementType.Int4,
            ElementType.UInt4,
        ];
        Tensor numbers = Tensor.Vector(
            -1e30f,
            -70000.7f,
            -129.5f,
            -9,
            -1.9f,
            -0.5f,
            0,
            0.5f,
            1,
            7.9f,
            8,
            15,
            16,
            200.5f,
            300,
            65535,
            1e5f,
            1e30f,
            float.NaN,
            float.PositiveInfinity
        );
        foreach (ElementType to in types)
        {
            // The greatest Int64 is no double: there the two hold numbers too large for it to neighbouring bounds.
            if (to is not (ElementType.Int64 or ElementType.Int4 or ElementType.UInt4))
                AgainstRuntime.Same("Cast", With(("to", (long)to)), 1, 0, numbers);
            foreach (ElementType from in types)
            {
                Tensor x = OneNode.Run(
                    "Cast",
                    With(("to", (long)from)),
                    Tensor.Vector(-300f, -9, -1, 0, 1, 3, 7, 9, 100, 300)
                );
                AgainstRuntime.Same("Cast", With(("to", (long)to)), 1, 0, x);
                AgainstRuntime.Same("CastLike", With(), 1, 0, x, Tensor.Zeros(to, new Shape(2)));
            }
        }
    }

    [TorchFact]
    public void DropoutDropsInTrainingOnly()
    {
        Tensor x = Tensor.Of(new Shape(100, 100), Enumerable.Repeat(1f, 10_000).ToArray());
        foreach (int outputs in new[] { 1, 2 })
        {
            using var network = new TrainingNetwork(OneNode.Of("Dropout", With(), outputs, x, Tensor.Scalar(0.2f)));
            using var scope = new TorchScope();
            float[] trained = network
                .Forward(training: true, x.ToTorch(), TorchTensor.Scalar(0.2f))[0]
                .ToArray<float>();
            Assert.InRange(trained.Count(v => v == 0), 1800, 2200);
            Assert.All(trained, v => Assert.True(v == 0 || Math.Abs(v - 1.25f) < 1e-6f));
            if (outputs == 2)
                Assert.NotEqual(
                    0,
                    network.Forward(training: true, x.ToTorch(), TorchTensor.Scalar(0.2f))[1].CountNonZero().ToInt64()
                        % 10_000
                );
            Assert.Equal(
                x.Array<float>(),
                network.Forward(training: false, x.ToTorch(), TorchTensor.Scalar(0.2f))[0].ToArray<float>()
            );
        }
        AgainstRuntime.Same("Dropout", With(), 2, 0, x, Tensor.Scalar(0.2f), Tensor.Scalar(false));
        AgainstRuntime.Same("Dropout", With(("seed", 7L)), 2, 0, x, Tensor.Scalar(0.2f), Tensor.Scalar(true));
    }

    private static (int[] A, int[] B) Shapes(Rng rng)
    {
        int[] dims = [.. Enumerable.Range(0, rng.Next(5)).Select(_ => 1 + rng.Next(9))];
        return (Shapes(rng, dims, dims), Shapes(rng, dims, dims));
    }

    private static int[] Shapes(Rng rng, int[] a, int[] b)
    {
        int[] all = [.. Shape.Broadcast(new Shape(a), new Shape(b)).Dims];
        return [.. all.Skip(rng.Next(3) == 0 ? rng.Next(all.Length + 1) : 0).Select(d => rng.Next(3) == 0 ? 1 : d)];
    }

    private static Tensor Bools(Rng rng, params int[] dims) =>
        Tensor.Of(new Shape(dims), Array.ConvertAll(Random(rng, dims).Array<float>(), v => v > 0));

    private static Tensor Integers(Rng rng, ElementType type, int low, int high, params int[] dims) =>
        OneNode.Run("Cast", With(("to", (long)type)), Mapped(Random(rng, dims), v => low + (v + 1) / 2 * (high - low)));

    private static Tensor Mapped(Tensor t, Func<float, float> f) =>
        Tensor.Of(t.Shape, Array.ConvertAll(t.Array<float>(), v => f(v)));

    /// <summary>Large numbers, halves and zero among the others.</summary>
    private static Tensor Spread(Tensor t)
    {
        Span<float> values = t.Span<float>();
        for (int i = 0; i < values.Length; i++)
            values[i] *= (i % 5) switch
            {
                0 => 8,
                1 => 30,
                _ => 2,
            };
        for (int i = 0; i < values.Length; i += 7)
            values[i] = i % 3 - 1.5f;
        return t;
    }
}
