using Decant.Core;
using Decant.Formats.Onnx;
using Decant.Speed;

namespace Decant.Benchmarking;

/// <summary>
/// Measures a model in the managed runtime, alone or against ONNX Runtime on the same numbers as 32-bit floats.
/// </summary>
public sealed class SpeedMeasurement : IDisposable
{
    private readonly string path;
    private readonly SpeedOptions options;
    private readonly string? folder;
    private readonly string onnx;
    private readonly Tensor[] inputs;
    private readonly Network? dense;

    /// <summary>
    /// Prepares; a container is written as ONNX in a temporary folder where ONNX Runtime is to load it.
    /// </summary>
    /// <param name="path">An .onnx or .dcnt file.</param>
    /// <param name="options">What to measure.</param>
    /// <exception cref="DecantException">The file is missing or damaged, or uses what is not supported.</exception>
    public SpeedMeasurement(string path, SpeedOptions options)
    {
        (this.path, this.options, onnx) = (path, options, path);
        Network network = Models.Load(path);
        inputs = RandomInputs.For(network.Inputs, options.Batch);
        dense = DenseFloats.Differ(network) ? DenseFloats.Of(network) : null;
        if (!options.AgainstOnnxRuntime || Path.GetExtension(path).Equals(".onnx", StringComparison.OrdinalIgnoreCase))
            return;
        folder = Directory.CreateTempSubdirectory("decant-speed-").FullName;
        OnnxWriter.Save(network, onnx = Path.Combine(folder, "model.onnx"));
    }

    /// <summary>Measures.</summary>
    /// <param name="peak">Tells the peak memory of a contender by its name; null if nobody does.</param>
    /// <param name="cancellation">Stops between turns.</param>
    /// <exception cref="DecantException">ONNX Runtime is not here or does not take the model, or the answers
    /// differ.</exception>
    public SpeedReport Run(Func<string, string, long?>? peak = null, CancellationToken cancellation = default)
    {
        Loads loads = Loads.Measure(
            () => RuntimeContender.FirstAnswer(path, inputs, options.Threads),
            options.AgainstOnnxRuntime ? () => OnnxRuntimeContender.FirstAnswer(onnx, inputs, options.Threads) : null,
            options.Loads
        );
        using var ours = new RuntimeContender(path, options.Batch, options.Threads);
        using OnnxRuntimeContender? theirs = options.AgainstOnnxRuntime
            ? new(onnx, options.Batch, options.Threads)
            : null;
        IContender[] all = theirs is null ? [ours] : [ours, theirs];
        foreach (IContender contender in all)
            contender.Run();
        double? difference = theirs is null ? null : Difference(ours.Answer(), theirs.Answer());
        Turns turns = Turns.Take(all, options.Turns, cancellation);
        return new SpeedReport(
            path,
            options.Batch,
            options.Threads,
            [
                .. all.Select(
                    (c, i) =>
                        new ContenderReport(
                            c.Name,
                            turns.Of(i),
                            i == 0 ? loads.Ours : loads.Theirs!,
                            Allocated(c),
                            peak?.Invoke(c.Name, i == 0 ? path : onnx)
                        )
                ),
            ],
            theirs is null ? null : turns.Ratio(0, 1),
            loads.Ratio,
            difference,
            OverDense(ours, cancellation),
            ours.Layers(options.Profiled),
            Conditions.Here(theirs is not null)
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (folder is not null)
            Directory.Delete(folder, recursive: true);
    }

    private Timing? OverDense(RuntimeContender ours, CancellationToken cancellation)
    {
        if (dense is null)
            return null;
        using var floats = new RuntimeContender(dense, options.Batch, options.Threads);
        return Turns.Take([ours, floats], options.Turns, cancellation).Ratio(0, 1);
    }

    private static long Allocated(IContender contender)
    {
        const int Runs = 10;
        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < Runs; i++)
            contender.Run();
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / Runs;
    }

    private static double Difference(double[] ours, double[] theirs)
    {
        const double Tolerance = 1e-3;
        double largest = theirs.Max(Math.Abs),
            worst = ours.Zip(theirs, (a, b) => Math.Abs(a - b)).Max();
        return ours.Length == theirs.Length && worst <= Tolerance * largest
            ? worst / Math.Max(largest, float.Epsilon)
            : throw new DecantException(
                $"the outputs differ by {worst:g3} where the largest value is {largest:g3}: nothing was timed"
            );
    }
}

/// <summary>What to measure of a model's speed.</summary>
public sealed record SpeedOptions
{
    /// <summary>Whether ONNX Runtime takes turns with the managed runtime.</summary>
    public bool AgainstOnnxRuntime { get; init; }

    /// <summary>Threads of each.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>What unknown extents of inputs are taken for.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>How they take turns.</summary>
    public TurnOptions Turns { get; init; } = new();

    /// <summary>Runs over which layers are timed.</summary>
    public int Profiled { get; init; } = 50;

    /// <summary>How often a file is loaded to time it.</summary>
    public int Loads { get; init; } = 5;
}
