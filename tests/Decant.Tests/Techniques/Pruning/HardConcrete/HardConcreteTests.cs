using Decant.Core;
using Decant.Tests.Torch;
using Decant.Torch;
using Xunit;
using Gates = Decant.Techniques.Pruning.HardConcrete.HardConcreteDistribution;

namespace Decant.Tests.Techniques.Pruning.HardConcrete;

[Collection("libtorch")]
public sealed class HardConcreteTests
{
    [TorchFact]
    public void GatesAreThoseOfTheFormula()
    {
        var rng = new Rng(1);
        float[] logAlpha = [.. Enumerable.Range(0, 300).Select(_ => (float)(3 * rng.NextNormal()))],
            u = [.. logAlpha.Select(_ => (float)rng.NextDouble())];
        u[0] = 0;
        using var scope = new TorchScope();
        TorchTensor a = TorchTensor.From<float>(logAlpha, 300);
        float[] drawn = Gates.Gate(a, TorchTensor.From<float>(u, 300)).ToArray<float>(),
            still = Gates.Gate(a).ToArray<float>();
        for (int i = 0; i < 300; i++)
        {
            Assert.Equal(Gate(logAlpha[i], u[i]), drawn[i], 1e-5);
            Assert.Equal(Stretch(Sigmoid(logAlpha[i])), still[i], 1e-5);
        }
        Assert.Contains(0f, drawn);
        Assert.Contains(1f, drawn);
        Assert.Contains(drawn, z => z is > 0 and < 1);
    }

    [TorchFact]
    public void ZerosAndOnesComeAsOftenAsTheyShould()
    {
        const int Draws = 40_000;
        LibTorch.Seed(5);
        foreach (double logAlpha in new[] { -2, -0.5, 0, 1, 3 })
        {
            using var scope = new TorchScope();
            TorchTensor a = Ops.Full([Draws], logAlpha);
            float[] z = Gates.Gate(a, Ops.Rand([Draws])).ToArray<float>();
            // P(s̄ > 0) and P(s̄ ≥ 1) from the distribution function of a binary concrete variable, Q(s) = σ(β
            // (log s − log(1 − s)) − log α).
            double open = 1 - Q(0.1 / 1.2),
                one = 1 - Q(1.1 / 1.2);
            Near(open, z.Count(v => v > 0));
            Near(one, z.Count(v => v == 1));
            Assert.Equal(open, Gates.Open(a).ToArray<float>()[7], 1e-5);

            double Q(double s) => Sigmoid(2.0 / 3 * (Math.Log(s) - Math.Log(1 - s)) - logAlpha);
        }

        static void Near(double p, int count) =>
            Assert.InRange(
                count,
                Draws * p - 5 * Math.Sqrt(Draws * p * (1 - p)),
                Draws * p + 5 * Math.Sqrt(Draws * p * (1 - p))
            );
    }

    /// <summary>A drawn gate, in doubles.</summary>
    internal static double Gate(double logAlpha, double u) =>
        Stretch(Sigmoid((Math.Log(u) - Math.Log(1 - u) + logAlpha) / (2.0 / 3)));

    internal static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Stretch(double s) => Math.Clamp(s * 1.2 - 0.1, 0, 1);
}
