using Decant.Core;
using Decant.Data;
using Decant.Pipelines;
using Decant.Reports;
using Decant.Techniques.Pruning;
using Decant.Techniques.Regularization;
using Decant.Training;

namespace Decant.Reproduce;

/// <summary>
/// Pan, Dong, Guo: DropNeuron (2016), the table of LeNet-5's fully connected part on MNIST: what share of its weights
/// and of its neurons' outputs is left with pruning alone, with ℓ1, and with ℓ1 and DropNeuron's li and lo.
/// </summary>
public sealed class DropNeuronExperiment : IExperiment
{
    // The fully connected part of the zoo's LeNet-5: 800 inputs, 500 hidden neurons, 10 outputs.
    private const int Inputs = 800,
        Hidden = 500,
        Outputs = 10;

    // λ of ℓ1 where it works alone.
    private const double L1Alone = 0.0001;

    // The paper's table: W total, O total, accuracy, in percent. Its networks have dropout as well where DropNeuron is
    // not used.
    private static readonly Dictionary<string, (string Weights, string Outputs, string Accuracy)> Paper = new(
        StringComparer.Ordinal
    )
    {
        ["P"] = ("55.17", "99.78", "99.07"),
        ["ℓ1+P"] = ("5.57", "37.42", "99.01"),
        ["ℓ1+DN+P"] = ("1.49", "28.08", "99.07"),
    };

    /// <inheritdoc/>
    public string Name => "drop-neuron";

    /// <inheritdoc/>
    public string Description => "DropNeuron on LeNet-5's fully connected part: weights and neurons dropped on MNIST";

    /// <inheritdoc/>
    public IReadOnlyList<ResultRow> Run(
        ExperimentSetting setting,
        IProgress<string> progress,
        CancellationToken cancellation
    )
    {
        var work = new ExperimentRuns(
            setting,
            setting.SetFor("mnist"),
            progress,
            cancellation,
            setting.Quick ? 3_000 : int.MaxValue
        );
        var rows = new List<ResultRow>();
        for (ulong seed = 1; seed <= (setting.Quick ? 1u : 3u); seed++)
            rows.AddRange(RunSeed(work, seed, setting.Quick));
        if (!setting.Quick)
            rows.AddRange(Others(work));
        return rows;
    }

    private static IEnumerable<ResultRow> RunSeed(ExperimentRuns work, ulong seed, bool quick)
    {
        (Network reference, _) = work.Train("lenet-5", seed);
        var (network, report) = work.Compress(
            $"l1-dn-p-seed{seed}",
            reference,
            ExperimentRecipes.All.Load("drop-neuron", reference),
            seed
        );
        string name = $"ℓ1+DN+P, seed {seed}:";
        // The short form trains too little for the published bounds to mean anything.
        return quick
            ? Reported(name, new Left(network), report, Paper["ℓ1+DN+P"])
            : Bounds(name, new Left(network), report);
    }

    private static IEnumerable<ResultRow> Others(ExperimentRuns work)
    {
        (Network reference, _) = work.Train("lenet-5", 1);
        foreach (var (name, strength) in new[] { ("P", 0.0), ("ℓ1+P", L1Alone) })
        {
            var (network, report) = work.Compress(
                $"{(strength > 0 ? "l1-p" : "p")}-seed1",
                reference,
                WithoutGroups(strength),
                1
            );
            foreach (ResultRow row in Reported($"{name}, seed 1:", new Left(network), report, Paper[name]))
                yield return row;
        }
    }

    private static IEnumerable<ResultRow> Bounds(string name, Left left, CompressionReport report) =>
        [
            .. Details(name, left, report),
            ResultRow.AtMost($"{name} W total (paper: 1.49)", left.WeightShare, 1.5, 1.0, "%"),
            ResultRow.AtMost($"{name} O total (paper: 28.08)", left.OutputShare, 28.1, 20, "%"),
            ResultRow.AtLeast(
                $"{name} accuracy (paper: 99.07)",
                Percent(report.After?.Primary.Value),
                99.05,
                99.07,
                "%"
            ),
        ];

    private static IEnumerable<ResultRow> Reported(
        string name,
        Left left,
        CompressionReport report,
        (string Weights, string Outputs, string Accuracy) paper
    ) =>
        [
            .. Details(name, left, report),
            ResultRow.Reported($"{name} W total (paper: {paper.Weights})", left.WeightShare, "%"),
            ResultRow.Reported($"{name} O total (paper: {paper.Outputs})", left.OutputShare, "%"),
            ResultRow.Reported($"{name} accuracy (paper: {paper.Accuracy})", Percent(report.After?.Primary.Value), "%"),
        ];

    private static IEnumerable<ResultRow> Details(string name, Left left, CompressionReport report) =>
        [
            ResultRow.Reported($"{name} W FC1", 100.0 * left.First / (Inputs * Hidden), "%"),
            ResultRow.Reported($"{name} W FC2", 100.0 * left.Second / (Hidden * Outputs), "%"),
            ResultRow.Reported($"{name} O FC1, of {Inputs}", left.InputsRead, "outputs"),
            ResultRow.Reported($"{name} O FC2, of {Hidden}", left.HiddenLeft, "outputs"),
            ResultRow.Reported($"{name} compression rate", 100 / left.WeightShare, "x"),
            ResultRow.Reported($"{name} accuracy, no prune", Percent(report.Stages[1].Score?.Primary.Value), "%"),
        ];

    private static double Percent(double? accuracy) => 100 * accuracy!.Value;

    /// <summary>ℓ1 of a strength, then pruning, without what DropNeuron adds.</summary>
    internal static Pipeline WithoutGroups(double l1) =>
        new()
        {
            Name = "drop-neuron-without-groups",
            Stages =
            [
                new PipelineStage
                {
                    Name = "regularize",
                    Uses = [L1(l1)],
                    Training = Shifted(6),
                },
                new PipelineStage
                {
                    Name = "prune",
                    Uses = [Small, new TechniqueUse("drop", new RemoveDead())],
                    Training = Shifted(5),
                },
            ],
        };

    private static TechniqueUse L1(double strength) =>
        new(
            "l1",
            new WeightRegularization(
                new WeightRegularizationOptions { Kind = RegularizationKind.L1, Strength = strength }
            )
        )
        {
            Weights = ["fc*.weight"],
        };

    private static TechniqueUse Small =>
        new("prune", new WeightPruning(new WeightPruningOptions { Threshold = 0.02 })) { Weights = ["fc*.weight"] };

    private static TrainingOptions Shifted(int epochs) =>
        new()
        {
            Epochs = epochs,
            Augmentation = new Augmentation { Shift = 1 },
        };

    /// <summary>What is left of the fully connected part.</summary>
    private sealed class Left
    {
        public Left(Network network)
        {
            Encoding first = network.Weights["fc1.weight"].Encoding;
            float[] numbers = first.Decode().Array<float>();
            (First, Second, HiddenLeft) = (
                first.NonZeros,
                network.Weights["fc2.weight"].Encoding.NonZeros,
                first.Shape[0]
            );
            InputsRead = Enumerable
                .Range(0, first.Shape[1])
                .Count(i => Enumerable.Range(0, HiddenLeft).Any(h => numbers[h * first.Shape[1] + i] != 0));
        }

        /// <summary>Weights of the first layer.</summary>
        public long First { get; }

        /// <summary>Weights of the second layer.</summary>
        public long Second { get; }

        /// <summary>Inputs that a hidden neuron reads.</summary>
        public int InputsRead { get; }

        /// <summary>Hidden neurons.</summary>
        public int HiddenLeft { get; }

        /// <summary>Weights left, in percent.</summary>
        public double WeightShare => 100.0 * (First + Second) / (Inputs * Hidden + Hidden * Outputs);

        /// <summary>Neurons whose outputs are left, in percent; those of the network itself always are.</summary>
        public double OutputShare => 100.0 * (InputsRead + HiddenLeft + Outputs) / (Inputs + Hidden + Outputs);
    }
}
