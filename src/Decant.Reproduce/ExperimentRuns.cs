using Decant.Core;
using Decant.Data;
using Decant.Pipelines;
using Decant.Reports;
using Decant.Runs;
using Decant.Runtime;

namespace Decant.Reproduce;

/// <summary>
/// The runs of an experiment, each in a folder of its own, so that an interrupted experiment resumes.
/// </summary>
/// <param name="setting">What the experiment works with.</param>
/// <param name="set">The data set's name.</param>
/// <param name="progress">Told what happens, line by line.</param>
/// <param name="cancellation">Stops; a later run resumes.</param>
/// <param name="images">How many training images, and how many test images, are taken at most.</param>
/// <param name="test">The data set whose test images are measured on; null for the same.</param>
internal sealed class ExperimentRuns(
    ExperimentSetting setting,
    string set,
    IProgress<string> progress,
    CancellationToken cancellation,
    int images = int.MaxValue,
    string? test = null
)
{
    // How much of each stage's epochs the short form runs.
    private const double QuickEpochs = 0.07;

    private readonly LabelledImages train = Datasets.OpenImages(set, setting.Root, DatasetPart.Train).First(images);
    private readonly LabelledImages tests = Datasets
        .OpenImages(test ?? set, setting.Root, DatasetPart.Test)
        .First(images);

    /// <summary>The test images.</summary>
    public LabelledImages Test => tests;

    /// <summary>The training images that a recipe's hold-out keeps out of training.</summary>
    public LabelledImages HeldOut(int count, ulong seed) => train.Split(count, seed).HeldOut;

    /// <summary>Writes a network as a container and reads it back: what is measured is what the file holds.</summary>
    public Network Stored(string name, Network network)
    {
        string path = Path.Combine(setting.Folder, $"{name}.dcnt");
        Models.Save(network, path);
        return Models.Load(path);
    }

    /// <summary>The accuracy of a network in the managed runtime, in percent.</summary>
    public double Accuracy(Network network, LabelledImages data)
    {
        using InferenceSession session = new InferenceModel(network).CreateSession();
        return 100
            * new Classification()
                .Evaluate(network, session, data, Preprocessings.Of(network), null, cancellation)
                .Primary.Value;
    }

    /// <summary>
    /// The accuracy on held-out images, in percent, that a finished run noted after an epoch of its first round.
    /// </summary>
    public double HeldOutAccuracy(string name, int epoch) =>
        100 * new FinishedRun(Path.Combine(setting.Folder, name)).HeldOutAccuracy(epoch);

    /// <summary>Trains a zoo network by its shipped recipe.</summary>
    public (Network Network, CompressionReport Report) Train(string network, ulong seed)
    {
        Network untrained = Models.Load($"zoo:{network}", seed);
        string name = $"{network}-reference-seed{seed}",
            onnx = Path.Combine(setting.Folder, $"{name}.onnx");
        (Network trained, CompressionReport report) = Compress(
            name,
            untrained,
            ShippedRecipes.Load("train", untrained),
            seed
        );
        Models.Save(trained, onnx);
        return (Models.Load(onnx), report);
    }

    /// <summary>The network that a finished run had before a stage.</summary>
    /// <param name="name">The run's name.</param>
    /// <param name="recipe">Its recipe.</param>
    /// <param name="stage">The stage that comes after.</param>
    public Network Before(string name, Pipeline recipe, string stage)
    {
        int rounds = recipe.Stages.TakeWhile(s => s.Name != stage).Sum(s => s.Rounds);
        return new FinishedRun(Path.Combine(setting.Folder, name)).NetworkAfter(rounds - 1);
    }

    /// <summary>Runs a recipe, or what is left of it.</summary>
    public (Network Network, CompressionReport Report) Compress(
        string name,
        Network network,
        Pipeline recipe,
        ulong seed
    )
    {
        string folder = Path.Combine(setting.Folder, name);
        var options = new CompressionOptions
        {
            Train = train,
            Test = tests,
            Seed = seed,
            Torch = setting.Torch,
            RunFolder = folder,
            Resume = new FinishedRun(folder).Exists,
        };
        if (setting.Quick)
            recipe = recipe.WithEpochs(QuickEpochs);
        return new Compressor(recipe, options).Run(
            network,
            Path.Combine(folder, $"{name}.dcnt"),
            new Lines(name, progress),
            cancellation
        );
    }

    private sealed class Lines(string name, IProgress<string> progress) : IProgress<RunProgress>
    {
        public void Report(RunProgress value)
        {
            if (value.Epoch is not { } e || (e.Epoch != e.Epochs && e.Epoch % 5 != 0))
                return;
            progress.Report(
                $"{name}: {value.Stage} {value.Round}/{value.Rounds}, epoch {e.Epoch}/{e.Epochs}, loss "
                    + $"{e.Loss:0.0000}, {100 * value.Done:0} %"
            );
        }
    }
}
