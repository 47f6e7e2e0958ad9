using System.Collections.Concurrent;
using System.Diagnostics;
using Decant.Runtime.Memory;
using Decant.Runtime.Stages;

namespace Decant.Runtime.Planning;

/// <summary>
/// Picks the kernel of a layer: the first of those that fit, or the fastest where that is measured, once for all plans
/// of
/// a model.
/// </summary>
internal sealed class KernelSelector
{
    private const int Runs = 5;
    private readonly ConcurrentDictionary<string, string> fastest = new(StringComparer.Ordinal);

    /// <summary>A layer with the kernel picked.</summary>
    /// <param name="layer">What tells the layer from others of the model: its name and shapes.</param>
    /// <param name="measure">Whether to time them.</param>
    /// <param name="cancellation">Stops the timing.</param>
    /// <param name="candidates">The kernels that fit, the one that rules prefer first.</param>
    public Stage Pick(
        string layer,
        bool measure,
        CancellationToken cancellation,
        params ReadOnlySpan<Func<Stage>> candidates
    )
    {
        if (!measure || candidates.Length == 1)
            return candidates[0]();
        Stage[] stages = new Stage[candidates.Length];
        for (int i = 0; i < stages.Length; i++)
            stages[i] = candidates[i]();
        if (!fastest.TryGetValue(layer, out string? kernel))
            fastest[layer] = kernel = stages.MinBy(s => Time(s, cancellation))!.Kernel;
        return Array.Find(stages, s => s.Kernel == kernel) ?? stages[0];
    }

    /// <summary>The shortest of some runs, on memory that is let go again.</summary>
    private static unsafe long Time(Stage stage, CancellationToken cancellation)
    {
        PlanBuffer[] buffers = [.. stage.Buffers.Distinct()];
        foreach (PlanBuffer buffer in buffers)
            buffer.Use(0);
        var arena = new Arena(buffers, long.MaxValue);
        stage.Bind();
        var scratch = new Pinned<float>(stage.Scratch);
        long best = long.MaxValue;
        for (int run = 0; run < Runs; run++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int piece = 0; piece < stage.Pieces; piece++)
                stage.Run(piece, scratch.Address, cancellation);
            best = Math.Min(best, Stopwatch.GetTimestamp() - start);
        }
        GC.KeepAlive(arena);
        foreach (PlanBuffer buffer in buffers)
            buffer.Forget();
        return best;
    }
}
