using Decant.Core;
using Decant.Techniques.FixedPoint;

namespace Decant.Reproduce;

/// <summary>Every experiment there is: one line each.</summary>
public static class ExperimentCatalogue
{
    /// <summary>The experiments.</summary>
    public static IReadOnlyList<IExperiment> All { get; } =
    [
        new DeepCompressionExperiment(),
        new DeepCompressionBitsExperiment(),
        new ArchitectureLearningExperiment(),
        new BinaryConnectExperiment(),
        new FixedPointTrainingExperiment(
            "gupta-fixed-point",
            "LeNet-300-100 on MNIST trained in fixed point of 16 bits: floats, rounding to nearest, "
                + "stochastic rounding",
            new FixedPointTrainingExperiment.Variant("floats", "floats", null),
            new FixedPointTrainingExperiment.Variant(
                "16 bits, 14 fractional, stochastic",
                "stochastic-14",
                new FixedPointOptions
                {
                    Integer = 2,
                    Fraction = 14,
                    Rounding = FixedPointRounding.Stochastic,
                }
            ),
            new FixedPointTrainingExperiment.Variant(
                "16 bits, 14 fractional, nearest",
                "nearest-14",
                new FixedPointOptions { Integer = 2, Fraction = 14 }
            ),
            new FixedPointTrainingExperiment.Variant(
                "16 bits, 12 fractional, stochastic",
                "stochastic-12",
                new FixedPointOptions
                {
                    Integer = 4,
                    Fraction = 12,
                    Rounding = FixedPointRounding.Stochastic,
                },
                Most: 0.15
            ),
            new FixedPointTrainingExperiment.Variant(
                "16 bits, 12 fractional, nearest",
                "nearest-12",
                new FixedPointOptions { Integer = 4, Fraction = 12 },
                Least: 0.15
            ),
            new FixedPointTrainingExperiment.Variant(
                "16 bits, 10 fractional, stochastic",
                "stochastic-10",
                new FixedPointOptions
                {
                    Integer = 6,
                    Fraction = 10,
                    Rounding = FixedPointRounding.Stochastic,
                }
            ),
            new FixedPointTrainingExperiment.Variant(
                "16 bits, 10 fractional, nearest",
                "nearest-10",
                new FixedPointOptions { Integer = 6, Fraction = 10 }
            )
        ),
        new FixedPointTrainingExperiment(
            "dynamic-fixed-point",
            "LeNet-300-100 on MNIST trained in 10 bits, dynamic fixed point",
            new FixedPointTrainingExperiment.Variant("floats", "floats", null, Paper: " (paper, maxout network: 1.05)"),
            new FixedPointTrainingExperiment.Variant(
                "10 bits, updates 12, dynamic",
                "dynamic-10-12",
                new FixedPointOptions
                {
                    Point = FixedPointPlace.Dynamic,
                    Bits = 10,
                    UpdateBits = 12,
                },
                Paper: " (paper: 1.28)"
            ),
            new FixedPointTrainingExperiment.Variant(
                "12 bits, updates 16, dynamic",
                "dynamic-12-16",
                new FixedPointOptions
                {
                    Point = FixedPointPlace.Dynamic,
                    Bits = 12,
                    UpdateBits = 16,
                }
            ),
            new FixedPointTrainingExperiment.Variant(
                "12 bits, 7 fractional",
                "fixed-12",
                new FixedPointOptions { Integer = 5, Fraction = 7 }
            ),
            new FixedPointTrainingExperiment.Variant(
                "16 bits, 11 fractional",
                "fixed-16",
                new FixedPointOptions { Integer = 5, Fraction = 11 },
                Paper: " (paper, 20 bits: 1.39)"
            )
        ),
        new DropNeuronExperiment(),
        new PrunedLeNetsExperiment(
            "pruning-12x",
            "LeNet-300-100 and LeNet-5 on MNIST, pruned in rounds of retraining",
            new PrunedLeNetsExperiment.Target(
                "lenet-300-100",
                22_000,
                10_000,
                1.64,
                1.59,
                "22,000 weights, 8 %, error 1.59 %"
            ),
            new PrunedLeNetsExperiment.Target("lenet-5", 36_000, 6_000, 0.80, 0.77, "36,000 weights, 8 %, error 0.77 %")
        ),
        new PrunedLeNetsExperiment(
            "dynamic-surgery",
            "LeNet-300-100 and LeNet-5 on MNIST by Dynamic Network Surgery, where pruned weights can come back",
            new PrunedLeNetsExperiment.Target("lenet-300-100", 4_798, null, 2.0, null, "1.8 %, error 1.99 %"),
            new PrunedLeNetsExperiment.Target("lenet-5", 4_095, null, 0.95, null, "0.9 %, error 0.91 %")
        ),
        new QuantizedExperiment(),
        new RethinkingExperiment(),
        new LotteryTicketExperiment(),
        new SupermaskExperiment(),
        new WeightAgnosticExperiment(),
        new VectorRatesExperiment(),
        new XnorExperiment(),
    ];

    /// <summary>Finds an experiment.</summary>
    /// <exception cref="DecantException">There is none of that name.</exception>
    public static IExperiment Find(string name) =>
        All.FirstOrDefault(e => e.Name == name)
        ?? throw new DecantException(
            $"there is no experiment '{name}'; there are: {string.Join(", ", All.Select(e => e.Name))}"
        );
}
