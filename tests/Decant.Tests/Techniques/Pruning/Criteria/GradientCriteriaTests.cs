using Decant.Core;
using Decant.Data;
using Decant.Techniques;
using Decant.Techniques.Pruning;
using Decant.Tests.Torch;
using Xunit;

namespace Decant.Tests.Techniques.Pruning.Criteria;

[Collection("libtorch")]
public sealed class GradientCriteriaTests
{
    private static readonly string[] Matrices = ["fc1.weight", "fc2.weight"];

    [TorchFact]
    public void TaylorIsTheGradientTimesTheWeight()
    {
        var scores = Of.Criterion("taylor").Score(TinyProblem.Context(Matrices));
        foreach (string name in Matrices)
            for (int i = 0; i < scores[name].Length; i++)
                Assert.Equal(Math.Abs(First(name, i) * TinyProblem.Weights()[name][i]), scores[name][i], 5);
    }

    [TorchFact]
    public void TaylorOfAUnitIsTheChangeThatItsNumbersMakeTogether()
    {
        PruningUnit[] units =
        [
            .. Enumerable
                .Range(0, TinyProblem.Hidden)
                .Select(r => Of.Rows(TinyProblem.Network, r, "fc1.weight", "fc1.bias")),
        ];
        double[] scores = Of.Criterion("taylor").Score(TinyProblem.Context(), units);
        for (int r = 0; r < units.Length; r++)
        {
            double change =
                Enumerable.Range(0, TinyProblem.Inputs).Sum(c => Product("fc1.weight", r * TinyProblem.Inputs + c))
                + Product("fc1.bias", r);
            Assert.Equal(Math.Abs(change), scores[r], 5);
        }

        static double Product(string name, int i) => First(name, i) * TinyProblem.Weights()[name][i];
    }

    [TorchFact]
    public void OptimalBrainDamageIsTheSecondDerivativeTimesTheSquareHalved()
    {
        var scores = Of.Criterion("obd").Score(TinyProblem.Context(Matrices));
        foreach (string name in Matrices)
            for (int i = 0; i < scores[name].Length; i++)
            {
                double w = TinyProblem.Weights()[name][i],
                    expected = Second(name, i) * w * w / 2;
                Assert.InRange(scores[name][i], expected - 0.01 * expected - 1e-7, expected + 0.01 * expected + 1e-7);
            }
    }

    [TorchFact]
    public void ThePathIntegralAddsUpToWhatTheLossFell()
    {
        // All images in one batch and small steps: the sum over all weights is the fall of the loss, to first order.
        string[] all = [.. TinyProblem.Network.Weights.Select(w => w.Name)];
        TechniqueContext context = TinyProblem.Context(all);
        var scores = Of.Criterion("life-long", ("epochs", "20")).Score(context);
        var options = new Decant.Training.TrainingOptions { Epochs = 20, Seed = Rng.Derive(context.Seed, "life-long") };
        Network trained = new Decant.Training.Trainer(options, TinyProblem.Data, Preprocessing.None).Train(
            TinyProblem.Network
        );
        double fall =
            TinyProblem.Loss(TinyProblem.Weights())
            - TinyProblem.Loss(
                trained.Weights.ToDictionary(
                    w => w.Name,
                    w => Array.ConvertAll(w.Encoding.Decode().Array<float>(), v => (double)v)
                )
            );
        Assert.True(fall > 0);
        Assert.InRange(scores.Values.Sum(s => s.Sum(v => (double)v)), 0.95 * fall, 1.05 * fall);
    }

    [TorchFact]
    public void GradientsReachWhatWasPrunedButScoresOfZerosAreZero()
    {
        Network network = TinyProblem.Network;
        float[] values = network.Weights["fc1.weight"].Encoding.Decode().Array<float>();
        int[] positions = [.. Enumerable.Range(0, values.Length).Where(i => i % 2 == 0)];
        Network sparse = network.With(
            new Dictionary<string, Encoding>
            {
                ["fc1.weight"] = new SparseEncoding(
                    new Shape(TinyProblem.Hidden, TinyProblem.Inputs),
                    positions,
                    Array.ConvertAll(positions, p => values[p])
                ),
            }
        );
        float[] scores = Of.Criterion("taylor")
            .Score(new TechniqueContext(sparse, [sparse.Weights["fc1.weight"]]) { Data = TinyProblem.Data })[
            "fc1.weight"
        ];
        Assert.All(scores.Where((_, i) => i % 2 == 1), s => Assert.Equal(0, s));
        Assert.Contains(scores, s => s > 0);
    }

    [Theory]
    [InlineData("taylor")]
    [InlineData("obd")]
    [InlineData("obs")]
    [InlineData("life-long")]
    public void WithoutImagesTheErrorNamesTheCriterionAndTheWayOut(string name)
    {
        TechniqueContext context = TinyProblem.Context(Matrices) with { Data = null };
        Criterion criterion = Of.Criterion(name);
        Assert.True(criterion.NeedsData);
        Assert.Equal(
            $"criterion '{name}' needs training data, and this run has none",
            Assert.Throws<DataException>(() => criterion.Score(context)).Message
        );
    }

    [TorchFact]
    public void SamplesAreDrawnBySeed()
    {
        TechniqueContext context = TinyProblem.Context(Matrices);
        float[] Scores(ulong seed) =>
            Of.Criterion("taylor", ("samples", "6")).Score(context with { Seed = seed })["fc1.weight"];
        Assert.Equal(Scores(1), Scores(1));
        Assert.NotEqual(Scores(1), Scores(2));
    }

    private static double At(string name, int i, double move)
    {
        Dictionary<string, double[]> weights = TinyProblem.Weights();
        weights[name][i] += move;
        return TinyProblem.Loss(weights);
    }

    private static double First(string name, int i) => (At(name, i, 1e-5) - At(name, i, -1e-5)) / 2e-5;

    private static double Second(string name, int i) =>
        (At(name, i, 1e-4) - 2 * At(name, i, 0) + At(name, i, -1e-4)) / 1e-8;
}
