using Decant.Core;
using Decant.Core.Operators;
using Decant.Techniques;
using Decant.Techniques.Regularization;
using Decant.Tests.Techniques.Groups;
using Decant.Tests.Torch;
using Decant.Torch;
using Xunit;

namespace Decant.Tests.Techniques.Regularization;

/// <summary>
/// Penalties against plain loops, their gradients against finite differences of those, proximal steps against what they
/// minimize.
/// </summary>
[Collection("libtorch")]
public sealed class WeightPenaltyTests
{
    private const int Out = 3,
        In = 2,
        Side = 2;
    private static readonly int[] Dims = [Out, In, Side, Side];

    /// <summary>Options, and the same penalty as a loop over a filter-bank's numbers.</summary>
    private static readonly (string Options, Func<double[], double> Loop, bool Proximal)[] Penalties =
    [
        ("kind=l1", w => w.Sum(Math.Abs), true),
        ("kind=l2", w => w.Sum(x => x * x), true),
        ("kind=hanson-pratt", w => w.Sum(x => x * x / (1 + x * x)), false),
        ("kind=hanson-pratt,w0=0.5", w => w.Sum(x => 4 * x * x / (1 + 4 * x * x)), false),
        ("kind=grid,bits=3", w => w.Sum(x => Math.Abs(x - Math.Round(x / Step) * Step)), false),
        ("kind=range", w => w.Max() - w.Min(), false),
        ("kind=ternary", w => w.Sum(x => x * x * Math.Abs(1 - x * x)), false),
        ("kind=drop-neuron-in", w => Norms(w, (o, _, _) => o), true),
        ("kind=drop-neuron-out", w => Norms(w, (_, i, _) => i), true),
        ("kind=group-lasso", w => Math.Sqrt(8) * Norms(w, (o, _, _) => o), true),
        ("kind=group-lasso,over=filter,scale=none", w => Norms(w, (o, _, _) => o), true),
        ("kind=group-lasso,over=row", w => Math.Sqrt(8) * Norms(w, (o, _, _) => o), true),
        ("kind=group-lasso,over=channel", w => Math.Sqrt(12) * Norms(w, (_, i, _) => i), true),
        ("kind=group-lasso,over=kernel", w => Math.Sqrt(4) * Norms(w, (o, i, _) => o * In + i), true),
        ("kind=group-lasso,over=column", w => Math.Sqrt(3) * Norms(w, (_, i, k) => i * 4 + k), true),
        ("kind=structured-sparsity,channels=0,filters=0,depth=2", w => 2 * Norms(w, (_, _, _) => 0), true),
        ("kind=structured-sparsity", w => Norms(w, (o, _, _) => o) + Norms(w, (_, i, _) => i), false),
        (
            "kind=structured-sparsity,filters=3,shapes=0.5",
            w => 3 * Norms(w, (o, _, _) => o) + Norms(w, (_, i, _) => i) + 0.5 * Norms(w, (_, i, k) => i * 4 + k),
            false
        ),
    ];

    /// <summary>Of the grid that reaches to the greatest of the numbers drawn.</summary>
    private static double Step => Draw().Max(Math.Abs) / 3.0;

    [TorchFact]
    public void ValuesAndGradientsAreThoseOfALoop()
    {
        float[] weight = Draw();
        foreach (var (options, loop, _) in Penalties)
        {
            using var scope = new TorchScope();
            TorchTensor w = Torch(weight);
            w.RequiresGrad = true;
            TorchTensor value = Make(options).Of(w);
            value.Backward();
            Close(loop(Double(weight)), value.ToDouble(), options);
            float[] gradient = w.Grad!.ToArray<float>();
            for (int i = 0; i < weight.Length; i++)
                Close(Slope(loop, weight, i), gradient[i], $"{options} at {i}");
        }
    }

    [TorchFact]
    public void TheGradientOfAGroupThatIsZeroIsZero()
    {
        float[] weight = Draw();
        Array.Clear(weight, 8, 8);
        foreach (var (options, _, _) in Penalties)
        {
            using var scope = new TorchScope();
            TorchTensor w = Torch(weight);
            w.RequiresGrad = true;
            Make(options).Of(w).Backward();
            float[] gradient = w.Grad!.ToArray<float>();
            Assert.All(gradient, g => Assert.True(float.IsFinite(g), options));
            Assert.All(gradient[8..16], g => Assert.Equal(0, g));
        }
    }

    [TorchFact]
    public void AProximalStepIsTheLeastOfWhatItMinimizes()
    {
        var rng = new Rng(3);
        float[] weight = Draw();
        foreach (var (options, loop, _) in Penalties.Where(p => p.Proximal))
        foreach (double step in new[] { 0.05, 0.4, 2 })
        {
            double[] best = Double(Shrunk(options, weight, step));
            double least = Objective(best);
            for (int trial = 0; trial < 200; trial++)
            {
                double size = Math.Pow(10, rng.NextDouble(-3, 0));
                double[] other = Array.ConvertAll(best, b => rng.Next(3) == 0 ? b + size * rng.NextNormal() : b);
                Assert.True(Objective(other) >= least - 1e-6, $"{options}, step {step}");
            }

            double Objective(double[] x) => 0.5 * x.Zip(weight, (a, b) => (a - b) * (a - b)).Sum() + step * loop(x);
        }
    }

    [TorchFact]
    public void ProximalStepsMakeZerosOfTheClosedForms()
    {
        float[] weight =
        [
            0.3f,
            -0.2f,
            0.1f,
            -0.1f,
            3,
            -4,
            0,
            0,
            1,
            1,
            1,
            1,
            -0.01f,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            -0.01f,
            0.02f,
        ];
        Assert.Equal(
            weight.Select(w => Math.Sign(w) * Math.Max(0, Math.Abs(w) - 0.1f)),
            Shrunk("kind=l1", weight, 0.1f)
        );
        Same(weight.Select(w => w / 1.2f), Shrunk("kind=l2", weight, 0.1));
        // Kernels of norms √0.15, 5, 2 and less than 0.1.
        float[] kernels = Shrunk("kind=group-lasso,over=kernel,scale=none", weight, 0.5);
        Same(
            [0, 0, 0, 0, 3 * 0.9f, -4 * 0.9f, 0, 0, 0.75f, 0.75f, 0.75f, 0.75f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            kernels
        );
        Assert.All(kernels, k => Assert.False(k == 0 && float.IsNegative(k)));
    }

    [TorchFact]
    public void OneWayToGroupAfterTheOtherSeesWhatTheFirstLeft()
    {
        float[] weight = Draw();
        float[] expected = Shrunk("kind=drop-neuron-in", Shrunk("kind=drop-neuron-out", weight, 0.3), 0.3);
        Same(expected, Shrunk("kind=structured-sparsity", weight, 0.3));
        using var scope = new TorchScope();
        // A mask between what is free and the weight: norms are the weight's.
        TorchTensor free = Torch(weight),
            masked = Torch([.. weight.Select((w, i) => i % 3 == 0 ? 0 : w)]);
        float[] alone = Shrunk("kind=structured-sparsity", masked.ToArray<float>(), 0.3);
        Make("kind=structured-sparsity").Shrink(free, masked, 0.3);
        Same(alone, free.ToArray<float>().Select((w, i) => i % 3 == 0 ? 0 : w));
    }

    internal static WeightRegularizationOptions Options(string text)
    {
        var values = text.Split(',')
            .Select(o => o.Split('='))
            .Append(["strength", "1"])
            .ToDictionary(o => o[0], o => o[1]);
        return Techniques.Options.Read<WeightRegularizationOptions>([.. values.Select(v => (v.Key, v.Value))]);
    }

    private static WeightPenalty Make(string options)
    {
        var (network, weight) = WeightAxesTests.Reading(new Conv(Attributes.None), 1, Dims);
        return WeightPenalty.For(Options(options), network, weight);
    }

    private static float[] Shrunk(string options, float[] weight, double step)
    {
        using var scope = new TorchScope();
        TorchTensor w = Torch(weight);
        Make(options).Shrink(w, w, step);
        return w.ToArray<float>();
    }

    /// <summary>
    /// The sum of the 2-norms of the groups that an output, an input and a place in the kernel fall into.
    /// </summary>
    private static double Norms(double[] w, Func<int, int, int, int> group) =>
        Enumerable
            .Range(0, w.Length)
            .GroupBy(p => group(p / (In * 4), p / 4 % In, p % 4))
            .Sum(g => Math.Sqrt(g.Sum(p => w[p] * w[p])));

    private static double Slope(Func<double[], double> f, float[] at, int i)
    {
        const double H = 1e-6;
        double[] up = Double(at),
            down = Double(at);
        (up[i], down[i]) = (up[i] + H, down[i] - H);
        return (f(up) - f(down)) / (2 * H);
    }

    private static float[] Draw()
    {
        var rng = new Rng(11);
        return [.. Enumerable.Range(0, Out * In * Side * Side).Select(_ => (float)rng.NextNormal())];
    }

    private static double[] Double(float[] values) => Array.ConvertAll(values, v => (double)v);

    private static TorchTensor Torch(float[] values) => TorchTensor.From<float>(values, Out, In, Side, Side);

    private static void Close(double expected, double actual, string what) =>
        Assert.True(Math.Abs(expected - actual) <= 1e-5 * (1 + Math.Abs(expected)), $"{what}: {actual} for {expected}");

    private static void Same(IEnumerable<float> expected, IEnumerable<float> actual)
    {
        foreach (var (e, a) in expected.Zip(actual))
            Close(e, a, "a number");
    }
}
