using Decant.Core;
using Decant.Data;
using Decant.Recipes;
using Decant.Reports;
using Decant.Runtime;
using Decant.Techniques;
using Decant.Techniques.Statistics;
using Decant.Torch;
using Decant.Training;

namespace Decant.Runs;

/// <summary>
/// Runs a recipe on a network: plans, applies, trains, saves every round, and measures the file that comes out.
/// </summary>
/// <param name="recipe">What to do, and when.</param>
/// <param name="options">What to work with.</param>
public sealed class Compressor(Recipe recipe, CompressionOptions options)
{
    private readonly IReadOnlyList<RunUnit> units = RunUnit.Of(recipe);

    /// <summary>
    /// The arithmetic that a run of this recipe on a network uses: asked for, else the recipe's, else the network's,
    /// else pixel / 255.
    /// </summary>
    public Preprocessing PreprocessingFor(Network network) =>
        options.Preprocessing ?? recipe.Preprocessing ?? Preprocessings.Of(network);

    /// <summary>
    /// Says what each stage will do to which weight, without training: later stages are planned on untrained weights.
    /// </summary>
    /// <exception cref="DecantException">The recipe does not fit the network.</exception>
    public IReadOnlyList<(string Stage, int Round, PlannedChange Change)> Plan(Network network)
    {
        var plan = new List<(string, int, PlannedChange)>();
        network = Freed(network);
        RunSetting setting = RunSetting.Of(recipe, options, PreprocessingFor(network), network);
        foreach (RunUnit unit in units)
            network = unit.Apply(network, setting, change => plan.Add((unit.Stage.Name, unit.Round, change)));
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
        Network network,
        string? file,
        IProgress<RunProgress>? progress = null,
        CancellationToken cancellation = default
    ) => Run(() => network, file, progress, cancellation);

    /// <summary>
    /// Compresses a network that nobody else need hold meanwhile: where it is large, that is most of the memory.
    /// </summary>
    /// <param name="network">Gives the network; called once.</param>
    /// <param name="file">Where the container goes; null to write none.</param>
    /// <param name="progress">Told what happens.</param>
    /// <param name="cancellation">Stops; with a run folder the run can be resumed.</param>
    /// <returns>The compressed network as decoded from its container, and the report.</returns>
    /// <exception cref="DecantException">The recipe or the data do not fit the network, or training failed.</exception>
    public (Network Network, CompressionReport Report) Run(
        Func<Network> network,
        string? file,
        IProgress<RunProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        RunTeacher.Check(recipe, options);
        if (recipe.NeedsData && options.Train is null)
            throw new DecantException(
                $"recipe '{recipe.Name}' {(recipe.Trains ? "trains" : "looks at images")} and so needs "
                    + "data: give --data"
            );
        using RunState state = Begin(network);
        Preprocessing pixels = PixelsFor(state);
        RunSetting setting = RunSetting.Of(recipe, options, pixels, ReferenceOf(state));
        TryTeacher(state, setting);
        using RunFolder? folder = OpenFolder(state, pixels);
        var stages = new List<StageReport> { Measure("reference", state, pixels, cancellation) };
        var training = new RunTraining(units, setting, options.CheckpointEvery, folder, progress);
        foreach (RunUnit unit in units)
        {
            RunRound(unit, state, training, folder, progress, cancellation);
            if (unit.EndsStage)
                stages.Add(Measure(unit.Stage.Name, state, pixels, cancellation));
        }
        return Finish(state, file, stages, folder);
    }

    private void TryTeacher(RunState state, RunSetting setting) => RunTeacher.Try(units, state.Network, setting);

    private Network? ReferenceOf(RunState state) => recipe.NeedsReference ? state.Network : null;

    private Preprocessing PixelsFor(RunState state) => PreprocessingFor(state.Network);

    private Network Freed(Network network) => recipe.NeedsData ? FreedBatch.Of(network) : network;

    private RunState Begin(Func<Network> network)
    {
        Network first = Freed(network());
        foreach (TechniqueUse use in recipe.Stages.SelectMany(s => s.Uses))
            use.Select(first);
        return new RunState(first);
    }

    private void RunRound(
        RunUnit unit,
        RunState state,
        RunTraining training,
        RunFolder? folder,
        IProgress<RunProgress>? progress,
        CancellationToken cancellation
    )
    {
        cancellation.ThrowIfCancellationRequested();
        if (folder is not null && folder.HasRound(unit.Index))
        {
            folder.DropCheckpoint(unit.Index);
            state.Load(folder.RoundPath(unit.Index));
            return;
        }
        state.Apply(unit, training.Setting, change =>
        {
            if (change.Warning is { } warning)
                state.Warnings.Add(warning);
            progress?.Report(
                new RunProgress(
                    unit.Stage.Name,
                    unit.Round,
                    unit.Stage.Rounds,
                    $"{change.Target}: {change.What}",
                    null,
                    training.Done(unit, 0)
                )
            );
        });
        state.Change(network => training.Train(unit, network, cancellation));
        state.Store(folder?.RoundPath(unit.Index));
        folder?.DropCheckpoint(unit.Index);
    }

    private RunFolder? OpenFolder(RunState state, Preprocessing pixels)
    {
        if (options.RunFolder is null)
            return null;
        bool torch = recipe.NeedsData;
        var identity = new RunIdentity(
            state.Hash(),
            RunFolder.HashOf(System.Text.Encoding.UTF8.GetBytes(recipe.Text)),
            options.Seed,
            options.Train is { } data ? $"{data}, {data.Fingerprint}" : "",
            pixels.ToString(),
            typeof(Compressor).Assembly.GetName().Version!.ToString(3),
            torch ? $"{LibTorch.Version} on {LibTorch.Device.Split(':')[0]}" : "",
            torch ? LibTorch.Threads : 0,
            RunTeacher.HashOf(options)
        );
        return RunFolder.Open(options.RunFolder, identity, recipe.Text, options.Resume);
    }

    private StageReport Measure(string stage, RunState state, Preprocessing pixels, CancellationToken cancellation)
    {
        Score? score = null;
        if (options.Test is not null)
        {
            using InferenceSession executor = new InferenceModel(
                state.Network,
                new InferenceOptions { Threads = 0 }
            ).CreateSession();
            score = Classification.Evaluate(state.Network, executor, options.Test, pixels, null, cancellation);
        }
        return state.Report(stage, score);
    }

    private static (Network, CompressionReport) Finish(
        RunState state,
        string? file,
        List<StageReport> stages,
        RunFolder? folder
    )
    {
        if (file is not null)
            state.CopyTo(file);
        long parameters = stages[0].Layers.Sum(l => l.Parameters);
        var report = new CompressionReport(
            file ?? "",
            state.Bytes,
            4.0 * parameters / state.Bytes,
            stages[0].Accuracy,
            stages[^1].Accuracy,
            stages
        )
        {
            // A large network's kernels would double what the run takes.
            Notes =
            [
                .. state.Warnings,
                .. state.IsLarge() ? [] : ReportNotes.Of(state.Network, stages[0].Bytes, state.Bytes),
            ],
        };
        folder?.Results(report);
        return (state.Network, report);
    }
}

/// <summary>What a compression run works with beside the network and the recipe.</summary>
public sealed record CompressionOptions
{
    /// <summary>The training data; needed by recipes that train.</summary>
    public LabelledImages? Train { get; init; }

    /// <summary>What accuracies are measured on; null to measure none.</summary>
    public LabelledImages? Test { get; init; }

    /// <summary>
    /// Statistics of the network's values; null if techniques that need them gather them from <see cref="Train"/>.
    /// </summary>
    public NetworkStatistics? Statistics { get; init; }

    /// <summary>Another network to learn from, for recipes that say so; null for none.</summary>
    public Network? Teacher { get; init; }

    /// <summary>The pixel arithmetic; null for the recipe's, else the network's own, else pixel / 255.</summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>Decides every random choice.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Where the run keeps its record and checkpoints; null to keep none.</summary>
    public string? RunFolder { get; init; }

    /// <summary>Whether to go on with a run that was cut off in <see cref="RunFolder"/>.</summary>
    public bool Resume { get; init; }

    /// <summary>The least time between checkpoints within an epoch's training; it does not change the result.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>Where a run is.</summary>
/// <param name="Stage">The stage's name.</param>
/// <param name="Round">The round, from 1.</param>
/// <param name="Rounds">Rounds of the stage.</param>
/// <param name="What">What happens, in a few words.</param>
/// <param name="Epoch">The epoch just done; null outside training.</param>
/// <param name="Done">The share of all training done, 0 to 1.</param>
public sealed record RunProgress(string Stage, int Round, int Rounds, string What, EpochMetrics? Epoch, double Done);
