using Decant.Core;
using Decant.Data;
using Decant.Pipelines;
using Decant.Reports;
using Decant.Techniques.Supermask;
using Decant.Training;

namespace Decant.Reproduce;

/// <summary>One seed of the weight-agnostic experiment.</summary>
internal sealed class AgnosticTrial(ExperimentRuns work, ulong seed, bool quick)
{
    private const double Low = -2,
        High = 2;
    private static readonly double[] Values = [-2, -1, -0.5, 0.5, 1, 2];

    private readonly LabelledImages heldOut = work.HeldOut(HoldOut(quick), seed);

    /// <summary>What was measured, in the order of the table.</summary>
    public IReadOnlyList<ResultRow> Run()
    {
        Network start = AgnosticNetwork.Create(quick ? 80 : 400, seed);
        Network agnostic = Learn("agnostic", start, Low, High),
            single = Learn("single", start, 1, 1);
        double[] random = RandomValues();
        double best = Values.MaxBy(v => OnHeldOut(agnostic, v)),
            tuned = Grid().MaxBy(v => OnHeldOut(agnostic, v));
        return
        [
            Row("connections", agnostic.Weights.Sum(w => w.Encoding.NonZeros), ""),
            .. Values.Select(v => Row(FormattableString.Invariant($"shared weight {v}"), OnTest(agnostic, v), "%")),
            Row(
                $"{random.Length} random shared weights, mean (paper 82.0)",
                random.Average(v => OnTest(agnostic, v)),
                "%"
            ),
            Row("the best of the six, chosen on the validation set", OnTest(agnostic, best), "%"),
            Row("the six together (paper 91.6)", Together(agnostic), "%"),
            Row("shared weight tuned on the validation set (paper 91.9)", OnTest(agnostic, tuned), "%"),
            Row("weights trained (paper 94.2)", Trained(AgnosticNetwork.At(agnostic, tuned)), "%"),
            Row("learnt with the weight 1 alone: at 1", OnTest(single, 1), "%"),
            Row(
                "learnt with the weight 1 alone: random shared weights, mean",
                random.Average(v => OnTest(single, v)),
                "%"
            ),
            Row(
                "every connection, nothing learnt: random shared weights, mean",
                random.Average(v => OnTest(start, v)),
                "%"
            ),
        ];
    }

    /// <summary>Learns connections for shared values between two bounds.</summary>
    internal static Pipeline Connections(double low, double high, bool quick) =>
        new()
        {
            Name = "weight-agnostic",
            HoldOut = HoldOut(quick),
            Stages =
            [
                new PipelineStage
                {
                    Name = "learn",
                    Uses = [new TechniqueUse("connections", Shared(low, high)) { Weights = ["*.weight"] }],
                    Training = new TrainingOptions
                    {
                        Epochs = 15,
                        BatchSize = quick ? 20 : 100,
                        LearningRate = 0.1,
                    },
                },
            ],
        };

    /// <summary>Trains the weights of connections that were learnt.</summary>
    internal static Pipeline Training(bool quick) =>
        ExperimentRecipes.Training(
            "weight-agnostic-trained",
            new TrainingOptions
            {
                Epochs = 5,
                BatchSize = 100,
                LearningRate = 0.003,
            },
            HoldOut(quick)
        );

    private static LearnedSupermask Shared(double low, double high) =>
        new(
            new SupermaskOptions
            {
                Values = SupermaskValues.Shared,
                Low = low,
                High = high,
            }
        );

    private static int HoldOut(bool quick) => quick ? 500 : 5000;

    private static ResultRow Row(string name, double measured, string unit) => ResultRow.Reported(name, measured, unit);

    private double[] Grid() => quick ? Values : [.. Enumerable.Range(-20, 41).Where(i => i != 0).Select(i => i / 10.0)];

    private double[] RandomValues()
    {
        Rng rng = Rng.For(seed, "values");
        return [.. Enumerable.Range(0, quick ? 2 : 20).Select(_ => rng.NextDouble(Low, High))];
    }

    private double OnHeldOut(Network network, double value) =>
        work.Accuracy(AgnosticNetwork.At(network, value), heldOut);

    private double OnTest(Network network, double value) =>
        work.Accuracy(work.Stored($"shared-seed{seed}", AgnosticNetwork.At(network, value)), work.Test);

    private double Together(Network network)
    {
        using var together = new Ensemble(
            Values.Select(v => work.Stored($"shared-seed{seed}", AgnosticNetwork.At(network, v)))
        );
        return 100 * new Classification().Evaluate(network, together, work.Test, Preprocessings.Default).Primary.Value;
    }

    private Network Learn(string name, Network start, double low, double high) =>
        work.Compress($"{name}-seed{seed}", start, Connections(low, high, quick), seed).Network;

    private double Trained(Network network)
    {
        Network sparse = network.With(
            network.Weights.ToDictionary(w => w.Name, Encoding (w) => Sparse(w.Encoding), StringComparer.Ordinal)
        );
        return 100 * work.Compress($"trained-seed{seed}", sparse, Training(quick), seed).Report.After!.Primary.Value;
    }

    private static SparseEncoding Sparse(Encoding encoding)
    {
        float[] values = encoding.Decode().Array<float>();
        int[] kept = [.. Enumerable.Range(0, values.Length).Where(i => values[i] != 0)];
        return new SparseEncoding(encoding.Shape, kept, Array.ConvertAll(kept, i => values[i]));
    }
}
