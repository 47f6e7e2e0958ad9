using System.Text.Json;
using Decant.Core;

namespace Decant.Runs;

/// <summary>Reads what a finished run left in its folder.</summary>
/// <param name="folder">The run's folder.</param>
public sealed class FinishedRun(string folder)
{
    /// <summary>Whether a run was begun in the folder.</summary>
    public bool Exists => File.Exists(Path.Combine(folder, "run.json"));

    /// <summary>The accuracy on held-out images after an epoch of the run's first round, from 0 to 1.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <exception cref="DecantException">The run has no such epoch, or held no images out.</exception>
    public double HeldOutAccuracy(int epoch) =>
        File.ReadLines(Path.Combine(folder, "metrics.jsonl"))
            .Select(line => JsonSerializer.Deserialize<MetricsLine>(line, RunJson.Compact)!)
            .FirstOrDefault(m => m.Unit == 0 && m.Epoch == epoch)
            ?.HeldOut
        ?? throw new DecantException(
            $"{folder}: epoch {epoch} of the first round has no accuracy on the validation set"
        );

    /// <summary>The network as it was after a finished round.</summary>
    /// <param name="round">The round's number over the whole run, from 0.</param>
    public Network NetworkAfter(int round) => Models.Load(RunFolder.RoundPath(folder, round));
}
