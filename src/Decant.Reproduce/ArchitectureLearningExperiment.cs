using Decant.Core;
using Decant.Core.Operators;
using Decant.Data;
using Decant.Pipelines;
using Decant.Reports;
using Decant.Training;

namespace Decant.Reproduce;

/// <summary>
/// Srinivas, Babu (2015): LeNet-5 learns on MNIST how wide and how deep it should be; beside it the learnt
/// architecture, trained from nothing.
/// </summary>
public sealed class ArchitectureLearningExperiment : IExperiment
{
    // The paper's AL1, 16-26-10: the third layer has become one with the last.
    private const int Conv1 = 16,
        Conv2 = 26;

    private const double Must = 99.05,
        Goal = 99.1;

    /// <inheritdoc/>
    public string Name => "architecture-learning";

    /// <inheritdoc/>
    public string Description => "tsReLU on LeNet-5: widths and depth learnt on MNIST";

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
        double baseline = 100 * work.Train("lenet-5", 1).Report.After!.Primary.Value;
        rows.Add(ResultRow.Reported("seed 1, 20-50-500-10: baseline accuracy (paper: 99.3)", baseline, "%"));
        for (ulong seed = 1; seed <= (setting.Quick ? 1u : 3u); seed++)
            rows.AddRange(RunSeed(work, seed, setting.Quick));
        return rows;
    }

    private static IEnumerable<ResultRow> RunSeed(ExperimentRuns work, ulong seed, bool quick)
    {
        Network untrained = Models.Load("zoo:lenet-5", seed);
        Pipeline recipe = ExperimentRecipes.All.Load("architecture-learning", untrained);
        (Network learnt, CompressionReport report) = work.Compress($"learnt-seed{seed}", untrained, recipe, seed);
        CompressionReport scratch = work.Compress(
            $"scratch-seed{seed}",
            FreshWeights.Of(learnt, seed),
            FromScratch(),
            seed
        ).Report;
        string name = $"seed {seed}, {string.Join('-', Widths(learnt))}:";
        // The short form trains too little for the published bounds to mean anything.
        if (quick)
            yield return ResultRow.Reported($"{name} accuracy learnt", 100 * report.After!.Primary.Value, "%");
        else
            foreach (ResultRow row in Bounds(learnt, report, name))
                yield return row;
        yield return ResultRow.Reported(
            $"{name} accuracy of the same from scratch (paper, 16-26-10: 99.08)",
            100 * scratch.After!.Primary.Value,
            "%"
        );
    }

    private static IEnumerable<ResultRow> Bounds(Network learnt, CompressionReport report, string name)
    {
        int[] widths = [.. Widths(learnt)];
        yield return ResultRow.AtMost($"{name} width of conv1", widths[0], Conv1, null, "channels");
        yield return ResultRow.AtMost($"{name} width of conv2", widths[1], Conv2, null, "channels");
        yield return ResultRow.AtMost($"{name} layers", widths.Length, 3, null, "layers");
        yield return ResultRow.AtLeast(
            $"{name} accuracy learnt (paper, 16-26-10: 99.07)",
            100 * report.After!.Primary.Value,
            Must,
            Goal,
            "%"
        );
    }

    /// <summary>How many channels each layer has, in order.</summary>
    private static IEnumerable<int> Widths(Network network) =>
        network
            .Nodes.Where(n => n.Operator is LinearOperator)
            .Select(n => network.Weights[n.Inputs[LinearOperator.WeightInput]].Encoding.Shape[0]);

    /// <summary>Trains the learnt architecture from nothing.</summary>
    internal static Pipeline FromScratch() =>
        ExperimentRecipes.Training(
            "from-scratch",
            new TrainingOptions
            {
                Epochs = 10,
                LearningRate = 0.002,
                Augmentation = new Augmentation { Shift = 1 },
            }
        );
}
