using Decant.Core;
using Decant.Recipes;
using Decant.Reports;
using Decant.Runs;
using Decant.Training.Data;

namespace Decant.Experiments;

/// <summary>The runs of an experiment, each in a folder of its own, so that an experiment cut off goes on where it was.</summary>
internal sealed class ExperimentRuns(
    ExperimentSetting setting, string set, IProgress<string> progress, CancellationToken cancellation, int images = int.MaxValue)
{
    // How much of each stage's epochs the short form runs.
    private const double QuickEpochs = 0.07;

    private readonly Dataset train = Datasets.Open(set, setting.Root, DatasetPart.Train).First(images);
    private readonly Dataset test = Datasets.Open(set, setting.Root, DatasetPart.Test);

    /// <summary>Trains a zoo network by its shipped recipe.</summary>
    public (Network Network, CompressionReport Report) Train(string network, ulong seed)
    {
        Network untrained = Models.Load($"zoo:{network}", seed);
        string name = $"{network}-reference-seed{seed}", onnx = Path.Combine(setting.Folder, $"{name}.onnx");
        (Network trained, CompressionReport report) = Compress(name, untrained, ShippedRecipes.Load("train", untrained), seed);
        Models.Save(trained, onnx);
        return (Models.Load(onnx), report);
    }

    /// <summary>The network that a finished run had before a stage.</summary>
    /// <param name="name">The run's name.</param>
    /// <param name="recipe">Its recipe.</param>
    /// <param name="stage">The stage that comes after.</param>
    public Network Before(string name, Recipe recipe, string stage)
    {
        int rounds = recipe.Stages.TakeWhile(s => s.Name != stage).Sum(s => s.Rounds);
        return Models.Load(RunFolder.RoundPath(Path.Combine(setting.Folder, name), rounds - 1));
    }

    /// <summary>Runs a recipe, or what is left of it.</summary>
    public (Network Network, CompressionReport Report) Compress(string name, Network network, Recipe recipe, ulong seed)
    {
        string folder = Path.Combine(setting.Folder, name);
        var options = new CompressionOptions
        {
            Train = train,
            Test = test,
            Seed = seed,
            RunFolder = folder,
            Resume = File.Exists(Path.Combine(folder, "run.json")),
        };
        if (setting.Quick) recipe = recipe.WithEpochs(QuickEpochs);
        return new Compressor(recipe, options).Run(network, Path.Combine(folder, $"{name}.dcnt"), new Lines(name, progress), cancellation);
    }

    private sealed class Lines(string name, IProgress<string> progress) : IProgress<RunProgress>
    {
        public void Report(RunProgress value)
        {
            if (value.Epoch is not { } e || (e.Epoch != e.Epochs && e.Epoch % 5 != 0)) return;
            progress.Report($"{name}: {value.Stage} {value.Round}/{value.Rounds}, epoch {e.Epoch}/{e.Epochs}, loss {e.Loss:0.0000}, {100 * value.Done:0} %");
        }
    }
}
