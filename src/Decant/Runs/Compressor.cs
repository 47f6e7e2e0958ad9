using Decant.Coding;
using Decant.Core;
using Decant.Recipes;
using Decant.Reports;
using Decant.Runtime;
using Decant.Techniques;
using Decant.Torch;
using Decant.Training;
using Decant.Training.Data;

namespace Decant.Runs;

/// <summary>Runs a recipe on a network: plans, applies, trains, saves every round, and measures the file that comes out.</summary>
/// <param name="recipe">What to do, and when.</param>
/// <param name="options">What to work with.</param>
public sealed class Compressor(Recipe recipe, CompressionOptions options)
{
    private readonly IReadOnlyList<RunUnit> units = RunUnit.Of(recipe);

    /// <summary>The arithmetic that a run of this recipe on a network uses: asked for, else the recipe's, else the network's, else pixel / 255.</summary>
    public Preprocessing PreprocessingFor(Network network) => options.Preprocessing ?? recipe.Preprocessing ?? Preprocessings.Of(network);

    /// <summary>Says what each stage will do to which weight, without training: later stages are planned on untrained weights.</summary>
    /// <exception cref="DecantException">The recipe does not fit the network.</exception>
    public IReadOnlyList<(string Stage, int Round, PlannedChange Change)> Plan(Network network)
    {
        var plan = new List<(string, int, PlannedChange)>();
        foreach (RunUnit unit in units)
        {
            (IReadOnlyList<PlannedChange> changes, network) = unit.Apply(network, options.Seed);
            plan.AddRange(changes.Select(c => (unit.Stage.Name, unit.Round, c)));
        }
        return plan;
    }

    /// <summary>Compresses a network. The network given is not changed.</summary>
    /// <param name="network">The network.</param>
    /// <param name="file">Where the container goes; null to write none.</param>
    /// <param name="progress">Told what happens.</param>
    /// <param name="cancellation">Stops; with a run folder the run can be resumed.</param>
    /// <returns>The compressed network as decoded from its container, and the report.</returns>
    /// <exception cref="DecantException">The recipe or the data do not fit the network, or training failed.</exception>
    public (Network Network, CompressionReport Report) Run(
        Network network, string? file, IProgress<RunProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (recipe.NeedsData && options.Train is null) throw new DecantException($"recipe '{recipe.Name}' trains and so needs data: give --data");
        CheckPatterns(network);
        Preprocessing pixels = PreprocessingFor(network);
        network = Decode(Encode(network));
        RunFolder? folder = OpenFolder(network, pixels);
        var stages = new List<StageReport> { Measure("reference", network, pixels, cancellation) };
        var training = new RunTraining(recipe, options, pixels, folder, progress);
        foreach (RunUnit unit in units)
        {
            network = RunRound(unit, network, training, folder, progress, cancellation);
            if (unit.EndsStage) stages.Add(Measure(unit.Stage.Name, network, pixels, cancellation));
        }
        return Finish(network, file, stages, folder);
    }

    private Network RunRound(
        RunUnit unit, Network network, RunTraining training, RunFolder? folder, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (folder is not null && folder.HasRound(unit.Index)) return Models.Load(folder.RoundPath(unit.Index));
        (IReadOnlyList<PlannedChange> changes, network) = unit.Apply(network, options.Seed);
        foreach (PlannedChange change in changes)
            progress?.Report(new RunProgress(unit.Stage.Name, unit.Round, unit.Stage.Rounds, $"{change.Weight}: {change.What}", null, training.Done(unit, 0)));
        network = training.Train(unit, network, cancellation);
        byte[] container = Encode(network);
        if (folder is not null)
        {
            AtomicFile.Write(folder.RoundPath(unit.Index), container);
            folder.DropCheckpoint();
        }
        return Decode(container);
    }

    private void CheckPatterns(Network network)
    {
        foreach (TechniqueUse use in recipe.Stages.SelectMany(s => s.Uses)) use.Select(network);
    }

    private RunFolder? OpenFolder(Network network, Preprocessing pixels)
    {
        if (options.RunFolder is null) return null;
        bool trains = recipe.NeedsData;
        var identity = new RunIdentity(
            RunFolder.HashOf(Encode(network)), RunFolder.HashOf(System.Text.Encoding.UTF8.GetBytes(recipe.Text)), options.Seed,
            options.Train?.ToString() ?? "", pixels.ToString(), typeof(Compressor).Assembly.GetName().Version!.ToString(3),
            trains ? LibTorch.Version : "", trains ? LibTorch.Threads : 0);
        return RunFolder.Open(options.RunFolder, identity, recipe.Text, options.Resume);
    }

    private StageReport Measure(string stage, Network network, Preprocessing pixels, CancellationToken cancellation)
    {
        Score? score = null;
        if (options.Test is not null)
        {
            using var executor = new ReferenceExecutor(network);
            score = Classification.Evaluate(network, executor, options.Test, pixels, null, cancellation);
        }
        return StageReport.Of(stage, NetworkReport.Of(network), score);
    }

    private (Network, CompressionReport) Finish(Network network, string? file, List<StageReport> stages, RunFolder? folder)
    {
        byte[] container = Encode(network);
        if (file is not null) AtomicFile.Write(file, container);
        long parameters = stages[0].Layers.Sum(l => l.Parameters);
        var report = new CompressionReport(
            file ?? "", container.Length, 4.0 * parameters / container.Length, stages[0].Accuracy, stages[^1].Accuracy, stages);
        folder?.Results(report);
        return (network, report);
    }

    private static byte[] Encode(Network network)
    {
        using var stream = new MemoryStream();
        DcntWriter.Write(network, stream);
        return stream.ToArray();
    }

    private static Network Decode(byte[] container)
    {
        using DcntReader reader = DcntReader.Open(new MemoryStream(container, writable: false));
        return reader.ReadNetwork();
    }
}
