using Decant.Core;
using Decant.Data;
using Decant.Pipelines;
using Decant.Reports;
using Decant.Runtime;
using Decant.Speed;
using Decant.Techniques;
using Decant.Techniques.Quantization;
using Decant.Techniques.Statistics;
using Decant.Torch;
using Decant.Training;

namespace Decant.Runs;

/// <summary>
/// Runs a recipe on a network: plans, applies, trains, saves every round, and measures the file that comes out.
/// </summary>
/// <param name="pipeline">What to do, and when.</param>
/// <param name="options">What to work with.</param>
public sealed class Compressor(Pipeline pipeline, CompressionOptions options)
{
    private readonly IReadOnlyList<RunUnit> units = RunUnit.Of(Valid(pipeline));

    /// <summary>
    /// What a run of this recipe on a network does to pixels: what is asked for, else the recipe's, else the network's
    /// own, else pixel / 255 for bytes and nothing for floats.
    /// </summary>
    public Preprocessing PreprocessingFor(Network network) =>
        options.Preprocessing ?? pipeline.Preprocessing ?? Preprocessings.Of(network, options.Train ?? options.Test);

    /// <summary>The task that a run on a network is scored by.</summary>
    public LearningTask TaskFor(Network network) =>
        options.Task
        ?? ((options.Test ?? options.Train) is { } data ? LearningTasks.For(network, data) : new Classification());

    /// <summary>
    /// Says what each stage will do to which weight, without training: later stages are planned on untrained weights.
    /// </summary>
    /// <exception cref="DecantException">The recipe does not fit the network.</exception>
    public IReadOnlyList<(string Stage, int Round, PlannedChange Change)> Plan(Network network)
    {
        using TorchRun run = TorchRun.Begin(options.Torch);
        var plan = new List<(string, int, PlannedChange)>();
        network = WithDynamicBatch(network);
        RunSetting setting = RunSetting.Of(pipeline, options, PreprocessingFor(network), TaskFor(network), network);
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
        RunTeacher.Check(pipeline, options);
        // What looks at data although parameters are given says so itself.
        if (pipeline.NeedsData && options.Train is null && (pipeline.Trains || options.Parameters is null))
            throw new DecantException(
                $"pipeline '{pipeline.Name}' {(pipeline.Trains ? "trains" : "looks at training data")}, "
                    + "and the run has none"
            );
        using TorchRun run = TorchRun.Begin(options.Torch);
        using RunState state = Begin(network, cancellation);
        Preprocessing pixels = PixelsFor(state);
        LearningTask task = TaskFor(state.Network);
        RunSetting setting = RunSetting.Of(pipeline, options, pixels, task, ReferenceOf(state)) with
        {
            Cancellation = cancellation,
        };
        TryTeacher(state, setting);
        string? assumed = AssumedOf(state);
        setting = setting with { HeldOut = Targeted(setting.HeldOut, state, setting, cancellation) };
        IDataSource? test = Targeted(options.Test, state, setting, cancellation);
        using RunFolder? folder = OpenFolder(state, pixels, task, run.Settings, cancellation);
        var stages = new List<StageReport> { Measure("reference", state, test, setting, cancellation) };
        Network? original = Kept(state);
        var collapses = new StageCollapses(setting, test, original, progress);
        var training = new RunTraining(units, setting, options.CheckpointEvery, folder, progress);
        foreach (RunUnit unit in units)
        {
            RunRound(unit, state, training, folder, progress, cancellation);
            if (!unit.EndsStage)
                continue;
            stages.Add(Measure(unit.Stage.Name, state, test, setting, cancellation));
            collapses.Look(stages[^2], stages[^1], Kept(state), cancellation);
        }
        Timing? ratio = TimeRatio(state, original, cancellation);
        return Finish(state, file, stages, test is null ? "" : task.Name, assumed, folder, collapses.Notes, ratio);
    }

    /// <summary>The network now, to compare with later; null where a second large one would take the memory.</summary>
    private Network? Kept(RunState state) => options.IsTrial || state.IsLarge() ? null : state.Network;

    private Timing? TimeRatio(RunState state, Network? original, CancellationToken cancellation) =>
        options.ComparesSpeed && original is not null
            ? SpeedComparison.Of(state.Network, original, cancellation)
            : null;

    private static Pipeline Valid(Pipeline pipeline)
    {
        pipeline.Validate();
        return pipeline;
    }

    private void TryTeacher(RunState state, RunSetting setting) => RunTeacher.Try(units, state.Network, setting);

    private Network? ReferenceOf(RunState state) => pipeline.NeedsReference ? state.Network : null;

    private Preprocessing PixelsFor(RunState state) => PreprocessingFor(state.Network);

    private string? AssumedOf(RunState state) =>
        options.Preprocessing is null && pipeline.Preprocessing is null && (options.Test ?? options.Train) is { } data
            ? Preprocessings.Assumed(state.Network, data)
            : null;

    /// <summary>The source with the targets that the task scores against.</summary>
    private static IDataSource? Targeted(
        IDataSource? data,
        RunState state,
        RunSetting setting,
        CancellationToken cancellation
    )
    {
        if (data is null || !setting.Task.ComparesWithOriginal)
            return data;
        using InferenceSession executor = SessionOf(state, setting);
        return setting.Task.Targeted(state.Network, executor, data, setting.Preprocessing, cancellation);
    }

    private static InferenceSession SessionOf(RunState state, RunSetting setting) =>
        new InferenceModel(state.Network, new InferenceOptions { Threads = setting.Threads }).CreateSession();

    private Network WithDynamicBatch(Network network) =>
        !pipeline.NeedsData ? network
        : pipeline.Trains ? DynamicBatch.Of(network)
        : DynamicBatch.OrFixed(network);

    private RunState Begin(Func<Network> network, CancellationToken cancellation)
    {
        Network first = WithDynamicBatch(network());
        foreach (TechniqueUse use in pipeline.Stages.SelectMany(s => s.Uses))
            use.Select(first);
        return new RunState(first, options.Threads, cancellation);
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

    private RunFolder? OpenFolder(
        RunState state,
        Preprocessing pixels,
        LearningTask task,
        TorchSettings settings,
        CancellationToken cancellation
    )
    {
        if (options.RunFolder is null)
            return null;
        bool torch = pipeline.NeedsTorch;
        var identity = new RunIdentity(
            state.Hash(),
            pipeline.Identity,
            options.Seed,
            options.Train is { } data ? $"{data}, {data.Fingerprint}" : "",
            pixels.ToString(),
            typeof(Compressor).Assembly.GetName().Version!.ToString(3),
            torch ? $"{LibTorch.Version} on {settings.Device.Split(':')[0]}" : "",
            torch ? settings.ThreadCount : 0,
            RunTeacher.HashOf(options, cancellation),
            task.Name
        );
        return RunFolder.Open(options.RunFolder, identity, pipeline.ToYaml(), options.Resume);
    }

    private static StageReport Measure(
        string stage,
        RunState state,
        IDataSource? test,
        RunSetting setting,
        CancellationToken cancellation
    )
    {
        Score? score = null;
        if (test is not null)
        {
            using InferenceSession executor = SessionOf(state, setting);
            score = setting.Task.Evaluate(
                state.Network,
                executor,
                test,
                setting.Preprocessing,
                cancellation: cancellation
            );
        }
        return state.Report(stage, score);
    }

    private (Network, CompressionReport) Finish(
        RunState state,
        string? file,
        List<StageReport> stages,
        string task,
        string? assumed,
        RunFolder? folder,
        IReadOnlyList<string> collapses,
        Timing? ratio
    )
    {
        if (file is not null)
            state.CopyTo(file);
        long parameters = stages[0].Layers.Sum(l => l.Parameters);
        var report = new CompressionReport(
            file ?? "",
            state.Bytes,
            4.0 * parameters / state.Bytes,
            stages[0].Score,
            stages[^1].Score,
            stages
        )
        {
            Task = task,
            AssumedPreprocessing = assumed,
            TimeRatio = ratio,
            // A large network's kernels would double what the run takes.
            Notes =
            [
                .. state.Warnings,
                .. collapses,
                .. options.IsTrial || state.IsLarge()
                    ? []
                    : ReportNotes.Of(state.Network, stages[0].Bytes, state.Bytes, ratio),
            ],
        };
        folder?.Results(report);
        return (state.Network, report);
    }
}

/// <summary>What a compression run works with beside the network and the pipeline.</summary>
public sealed record CompressionOptions
{
    /// <summary>The training data; needed by recipes that train, and by techniques that look at activations.</summary>
    public IDataSource? Train { get; init; }

    /// <summary>
    /// What the network's outputs mean and how they are scored; null for classification where the data have classes
    /// that the network tells apart, else fidelity to the network that goes in.
    /// </summary>
    public LearningTask? Task { get; init; }

    /// <summary>The test data, on which each stage is scored; null to score none.</summary>
    public IDataSource? Test { get; init; }

    /// <summary>
    /// Statistics of the network's values; null if techniques that need them gather them from <see cref="Train"/>.
    /// </summary>
    public NetworkStatistics? Statistics { get; init; }

    /// <summary>
    /// Scales and zero points of values and weights, which quantization takes as they are; null where it finds all. A
    /// run whose values all have theirs calibrates nothing.
    /// </summary>
    public QuantizationParameters? Parameters { get; init; }

    /// <summary>Another network to learn from, for recipes that say so; null for none.</summary>
    public Network? Teacher { get; init; }

    /// <summary>What is done to pixels; null for the recipe's, else the network's own, else pixel / 255.</summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>
    /// What the run asks of libtorch; null for what the <see cref="TorchRun"/> asks that it is a part of.
    /// </summary>
    public TorchSettings? Torch { get; init; }

    /// <summary>
    /// The most threads of all that is not libtorch: what measures, observes, applies changes and writes containers; 0
    /// for one a processor. Results do not depend on it.
    /// </summary>
    public int Threads { get; init; }

    /// <summary>Decides every random choice.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// Whether the result's speed in the managed runtime is held against that of the network that went in, which takes
    /// a second or more. Large networks are left out.
    /// </summary>
    public bool ComparesSpeed { get; init; }

    /// <summary>Whether the run is one of many that only try something, of which nobody reads the notes.</summary>
    internal bool IsTrial { get; init; }

    /// <summary>The same for a run that only tries something, scored on some data or on none.</summary>
    internal CompressionOptions AsTrial(IDataSource? test = null) =>
        this with
        {
            Test = test,
            RunFolder = null,
            ComparesSpeed = false,
            IsTrial = true,
        };

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
