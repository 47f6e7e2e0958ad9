using Decant.Torch;
using Decant.Torch.Optimizers;
using Xunit;

namespace Decant.Tests.Torch;

[Collection("libtorch")]
public sealed class OptimizerTests
{
    private const double Rate = 0.1,
        Decay = 0.02;

    [TorchFact]
    public void PlainDescentFollowsTheFormula() => Follow(p => new Sgd(p, Rate), (t, g, _, _) => t - (Rate * g));

    [TorchFact]
    public void MomentumFollowsTheFormula() =>
        Follow(
            p => new Sgd(p, Rate, 0.9, Decay),
            (t, g, s, decay) =>
            {
                s[0] = s[2] == 0 ? g + (decay * t) : (0.9 * s[0]) + g + (decay * t);
                s[2]++;
                return t - (Rate * s[0]);
            }
        );

    [TorchFact]
    public void NesterovFollowsTheFormula() =>
        Follow(
            p => new Sgd(p, Rate, 0.9, Decay, nesterov: true),
            (t, g, s, decay) =>
            {
                g += decay * t;
                s[0] = s[2]++ == 0 ? g : (0.9 * s[0]) + g;
                return t - (Rate * (g + (0.9 * s[0])));
            }
        );

    [TorchFact]
    public void AdamFollowsTheFormula() =>
        Follow(p => new Adam(p, Rate, weightDecay: Decay), (t, g, s, decay) => Adam(t, g + (decay * t), s));

    [TorchFact]
    public void AdamWFollowsTheFormula() =>
        Follow(
            p => new Adam(p, Rate, weightDecay: Decay, decoupled: true),
            (t, g, s, decay) => Adam(t * (1 - (Rate * decay)), g, s)
        );

    [TorchFact]
    public void SgdRestoredContinuesBitForBit() => Continue(p => new Sgd(p, Rate, 0.9, Decay, nesterov: true));

    [TorchFact]
    public void AdamRestoredContinuesBitForBit() => Continue(p => new Adam(p, Rate, weightDecay: Decay));

    [TorchFact]
    public void StateOfAnotherModelIsRefused()
    {
        using var scope = new TorchScope();
        using var optimizer = new Sgd([new("w", Leaf(1, 2))], Rate, 0.9);
        TorchTensor two = Ops.Zeros([2]),
            three = Ops.Zeros([3]);
        Assert.Contains("momentum.v", Refuse("momentum.v", two));
        Assert.Contains("Float32[3]", Refuse("momentum.w", three));
        Assert.Contains("mean.w", Refuse("mean.w", two));

        string Refuse(string name, TorchTensor tensor) =>
            Assert
                .Throws<ArgumentException>(() =>
                    optimizer.Restore(new OptimizerState(1, new Dictionary<string, TorchTensor> { [name] = tensor }))
                )
                .Message;
    }

    private static double Adam(double t, double g, double[] s)
    {
        s[0] = (0.9 * s[0]) + (0.1 * g);
        s[1] = (0.999 * s[1]) + (0.001 * g * g);
        s[2]++;
        double mean = s[0] / (1 - Math.Pow(0.9, s[2])),
            square = s[1] / (1 - Math.Pow(0.999, s[2]));
        return t - (Rate * mean / (Math.Sqrt(square) + 1e-8));
    }

    /// <summary>
    /// Runs five steps on two parameters, one without decay, the other without a gradient at the third step.
    /// </summary>
    private static void Follow(Func<Parameter[], Optimizer> make, Func<double, double, double[], double, double> update)
    {
        using var scope = new TorchScope();
        TorchTensor a = Leaf(1, -0.8, 0.5),
            b = Leaf(0.9, 0.25);
        using Optimizer optimizer = make([new("a", a), new("b", b, Decay: false)]);
        double[] expected = [1, -0.8, 0.5, 0.9, 0.25];
        double[][] state = [.. expected.Select(_ => new double[3])];
        for (int step = 0; step < 5; step++)
        {
            optimizer.ClearGrads();
            Loss(a).Backward();
            if (step != 2)
                Loss(b).Backward();
            optimizer.Step();
            for (int i = 0; i < 5; i++)
                if (i < 3 || step != 2)
                    expected[i] = update(
                        expected[i],
                        2 * expected[i] * expected[i] * expected[i],
                        state[i],
                        i < 3 ? Decay : 0
                    );
        }

        double[] actual = [.. a.ToArray<double>(), .. b.ToArray<double>()];
        for (int i = 0; i < 5; i++)
            Assert.Equal(expected[i], actual[i], 10);
        Assert.Equal(5, optimizer.Steps);
    }

    private static TorchTensor Loss(TorchTensor x) => x.Pow(4).Sum().Mul(0.5);

    private static void Continue(Func<Parameter[], Optimizer> make)
    {
        using var scope = new TorchScope();
        TorchTensor a = Leaf(1, -0.8, 0.5),
            b = Leaf(0.9, 0.25);
        using Optimizer whole = make([new("a", a), new("b", b)]);
        for (int i = 0; i < 3; i++)
            Step(whole, a, b);
        TorchTensor a2 = Leaf(a.ToArray<double>()),
            b2 = Leaf(b.ToArray<double>());
        using Optimizer resumed = make([new("a", a2), new("b", b2)]);
        resumed.Restore(whole.State);
        for (int i = 0; i < 4; i++)
        {
            Step(whole, a, b);
            Step(resumed, a2, b2);
        }

        Assert.Equal(a.ToArray<double>(), a2.ToArray<double>());
        Assert.Equal(b.ToArray<double>(), b2.ToArray<double>());
        Assert.Equal(7, resumed.Steps);
        Assert.Equal(whole.State.Tensors.Keys, resumed.State.Tensors.Keys);
        foreach ((string name, TorchTensor tensor) in whole.State.Tensors)
            Assert.Equal(0, tensor.Sub(resumed.State.Tensors[name]).CountNonZero().ToInt64());
    }

    private static void Step(Optimizer optimizer, TorchTensor a, TorchTensor b)
    {
        optimizer.ClearGrads();
        Loss(a).Add(Loss(b)).Backward();
        optimizer.Step();
    }

    private static TorchTensor Leaf(params double[] values)
    {
        TorchTensor leaf = TorchTensor.From<double>(values, values.Length);
        leaf.RequiresGrad = true;
        return leaf;
    }
}
