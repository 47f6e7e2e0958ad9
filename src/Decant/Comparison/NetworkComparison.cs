using System.Collections.Immutable;
using Decant.Core;
using Decant.Data;
using Decant.Reports;
using Decant.Runtime;
using Decant.Speed;

namespace Decant.Comparison;

/// <summary>One of two networks that are compared.</summary>
/// <param name="Name">What reports call it, such as the name of its file.</param>
/// <param name="Network">The network.</param>
/// <param name="Bytes">The length of its file; null where it has none.</param>
public sealed record ComparedModel(string Name, Network Network, long? Bytes = null)
{
    /// <summary>Reads a model.</summary>
    /// <param name="path">An .onnx or .dcnt file.</param>
    /// <exception cref="DecantException">The file is missing or damaged, or uses what is not supported.</exception>
    public static ComparedModel Load(string path) =>
        new(Path.GetFileName(path), Models.Load(path), new FileInfo(path).Length);
}

/// <summary>What two networks are compared on.</summary>
public sealed record ComparisonOptions
{
    /// <summary>Examples, with targets or without. Null to compare only sizes and times.</summary>
    public IDataSource? Data { get; init; }

    /// <summary>What both are scored on; null for what the data are for.</summary>
    public LearningTask? Task { get; init; }

    /// <summary>What is done to pixels; null for the first network's own, else pixel / 255.</summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>The most threads, 0 for one a processor; no result but times depends on it.</summary>
    public int Threads { get; init; }

    /// <summary>Whether both are timed, by turns, on random inputs of one example.</summary>
    public bool Times { get; init; } = true;
}

/// <summary>
/// Compares any two networks of the same inputs: a compressed one with what it was made of, an export with its
/// container, one exporter's file with another's. Sizes and times; on examples the outputs, each layer that both have
/// by name, and the task's metrics.
/// </summary>
/// <example>
/// <code>
/// var comparison = new NetworkComparison(new ComparisonOptions { Data = examples });
/// ComparisonReport report = comparison.Run(ComparedModel.Load("resnet20.onnx"), ComparedModel.Load("resnet20.dcnt"));
/// Console.WriteLine(report.Layers.MinBy(l => l.Sqnr)?.Name);
/// </code>
/// </example>
public sealed class NetworkComparison(ComparisonOptions options)
{
    private readonly Fidelity fidelity = new();

    /// <summary>Compares a network with another.</summary>
    /// <param name="first">The one that is held to be right.</param>
    /// <param name="second">The other.</param>
    /// <param name="progress">Told how much is done, of one.</param>
    /// <param name="cancellation">Stops between batches and turns.</param>
    /// <exception cref="ModelException">The two do not take the same inputs, or have no output in common.</exception>
    /// <exception cref="DataException">The examples do not fit the networks or the task.</exception>
    public ComparisonReport Run(
        ComparedModel first,
        ComparedModel second,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default
    )
    {
        CheckInputs(first, second);
        var report = new ComparisonReport(SizeOf(first), SizeOf(second))
        {
            Time = options.Times ? SpeedComparison.Of(second.Network, first.Network, cancellation) : null,
        };
        if (options.Data is not { } data)
            return report;
        Network was = DynamicBatch.OrFixed(first.Network),
            now = DynamicBatch.OrFixed(second.Network);
        CheckOutputs(first, second);
        Preprocessing pixels = options.Preprocessing ?? Preprocessings.Of(first.Network, data);
        progress?.Report(0.1);
        IReadOnlyList<LayerDifference> layers = LayerDifference.Of(
            was,
            now,
            data,
            pixels,
            options.Threads,
            cancellation
        );
        progress?.Report(0.5);
        using InferenceSession original = Session(was, cancellation),
            other = Session(now, cancellation);
        IDataSource targeted = fidelity.Targeted(was, original, data, pixels, cancellation);
        progress?.Report(0.7);
        report = report with
        {
            Layers = layers,
            Fidelity = fidelity.Evaluate(now, other, targeted, pixels, cancellation: cancellation),
        };
        LearningTask task = options.Task ?? LearningTasks.For(was, data);
        if (task.ComparesWithOriginal)
            return report;
        progress?.Report(0.8);
        return report with
        {
            Task = task.Name,
            FirstScore = task.Evaluate(was, original, data, pixels, cancellation: cancellation),
            SecondScore = task.Evaluate(now, other, data, pixels, cancellation: cancellation),
        };
    }

    private InferenceSession Session(Network network, CancellationToken cancellation) =>
        new InferenceModel(network, new InferenceOptions { Threads = options.Threads }).CreateSession(cancellation);

    private static ModelSize SizeOf(ComparedModel model)
    {
        IReadOnlyList<LayerReport> weights = LayerReport.Of(
            model.Network,
            new Dictionary<string, long>(StringComparer.Ordinal)
        );
        return new ModelSize(
            model.Name,
            model.Bytes,
            weights.Sum(w => w.Parameters),
            weights.Sum(w => w.NonZeros),
            weights.Sum(w => w.Macs)
        );
    }

    private static void CheckInputs(ComparedModel first, ComparedModel second)
    {
        if (!AreAlike(first.Network.Inputs, second.Network.Inputs))
            throw new ModelException(
                $"{first.Name} takes {Text(first.Network.Inputs)}, and {second.Name} takes "
                    + $"{Text(second.Network.Inputs)}: networks of the same inputs can be compared"
            );
    }

    private static void CheckOutputs(ComparedModel first, ComparedModel second)
    {
        if (!AreAlike(first.Network.Outputs, second.Network.Outputs))
            throw new ModelException(
                $"{first.Name} gives {Text(first.Network.Outputs)}, and {second.Name} gives "
                    + $"{Text(second.Network.Outputs)}: answers of the same outputs can be compared; without data, "
                    + "sizes and times are"
            );
    }

    private static bool AreAlike(ImmutableArray<ValueInfo> a, ImmutableArray<ValueInfo> b) =>
        a.Length == b.Length && a.Zip(b).All(p => AreAlike(p.First.Type, p.Second.Type));

    private static bool AreAlike(TensorType a, TensorType b) =>
        a.Type == b.Type && a.Shape?.CanBe(b.Shape) is not false;

    private static string Text(ImmutableArray<ValueInfo> values) =>
        string.Join(", ", values.Select(v => $"'{v.Name}' {v.Type}"));
}
