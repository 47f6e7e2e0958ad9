using System.Security.Cryptography;
using System.Text.Json;
using Decant.Core;
using Decant.Training;

namespace Decant.Runs;

/// <summary>
/// What a run keeps on disk: recipe.yaml, run.json (seed, versions, what went in), metrics.jsonl, a network for each
/// finished round, one checkpoint of the round in work (its number in the name, lest another round take it for its
/// own), results.json. A folder serves one run at a time: run.lock is held while it lasts. Every file is written whole
/// or not at all, but for metrics.jsonl, whose last line may be cut and is then dropped.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    private readonly string folder;

    private readonly FileStream held;

    private RunFolder(string folder) => (this.folder, held) = (folder, Lock(folder));

    /// <summary>
    /// Opens a folder for a run. An unfinished run of other inputs there is an error; without resume any run there is.
    /// </summary>
    public static RunFolder Open(string folder, RunIdentity identity, string recipe, bool resume)
    {
        string path = Path.Combine(Path.GetFullPath(folder), "run.json");
        if (resume && !File.Exists(path))
            throw new DecantException($"{folder} holds no run to resume: there is no run.json");
        var run = new RunFolder(Path.GetFullPath(folder));
        try
        {
            run.Begin(path, folder, identity, recipe, resume);
            return run;
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => held.Dispose();

    /// <summary>Takes a folder for this process alone; the file that says so stays, and is no sign of a run.</summary>
    private static FileStream Lock(string folder)
    {
        OutputFolder.Make(folder);
        try
        {
            return new FileStream(
                Path.Combine(folder, "run.lock"),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None
            );
        }
        catch (UnauthorizedAccessException e)
        {
            throw new DecantException($"cannot write to {folder}: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new DecantException(
                $"{folder} is in use by another run or cannot be written ({e.Message.Split('\n')[0]}); wait until it "
                    + "ends, or name another folder",
                e
            );
        }
    }

    private void Begin(string path, string given, RunIdentity identity, string recipe, bool resume)
    {
        if (File.Exists(path))
        {
            if (!resume)
                throw new DecantException($"{given} holds a run already; resume it, or name another folder");
            EnsureSame(path, identity);
        }
        AtomicFile.Write(Path.Combine(folder, "recipe.yaml"), recipe);
        AtomicFile.Write(path, JsonSerializer.Serialize(identity, RunJson.Indented));
    }

    /// <summary>Where a run keeps the network of a finished round.</summary>
    public static string RoundPath(string folder, int index) => Path.Combine(folder, $"round-{index:000}.dcnt");

    public string RoundPath(int index) => RoundPath(folder, index);

    public bool HasRound(int index) => File.Exists(RoundPath(index));

    public string CheckpointPath(int index) => Path.Combine(folder, $"checkpoint-{index:000}.npz");

    /// <summary>Drops the checkpoint of a round that is finished.</summary>
    public void DropCheckpoint(int index) => File.Delete(CheckpointPath(index));

    /// <summary>The checkpoint of a round; null if it has none.</summary>
    /// <exception cref="DecantException">It is damaged.</exception>
    public TrainingCheckpoint? Checkpoint(int index)
    {
        if (!File.Exists(CheckpointPath(index)))
            return null;
        try
        {
            return TrainingCheckpoint.Load(CheckpointPath(index));
        }
        catch (FileFormatException e)
        {
            throw new DecantException(
                $"{e.Message}; delete {CheckpointPath(index)} to train this round from its beginning",
                e
            );
        }
    }

    public void Results(object results) =>
        AtomicFile.Write(Path.Combine(folder, "results.json"), JsonSerializer.Serialize(results, RunJson.Indented));

    /// <summary>Appends one line of metrics, flushed.</summary>
    public void Append(MetricsLine line) =>
        File.AppendAllText(MetricsPath, JsonSerializer.Serialize(line, RunJson.Compact) + "\n");

    /// <summary>Drops the lines of epochs that will be run again.</summary>
    public void TrimMetrics(int round, int epochs)
    {
        if (!File.Exists(MetricsPath))
            return;
        var kept = new List<string>();
        foreach (string text in File.ReadAllLines(MetricsPath))
        {
            if (Parse(text) is not { } line)
                break;
            if (line.Unit < round || (line.Unit == round && line.Epoch <= epochs))
                kept.Add(text + "\n");
        }
        AtomicFile.Write(MetricsPath, string.Concat(kept));
    }

    public static string HashOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static MetricsLine? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<MetricsLine>(text, RunJson.Compact);
        }
        catch (JsonException)
        {
            return null; // The line that was being written when the run was cut off.
        }
    }

    private string MetricsPath => Path.Combine(folder, "metrics.jsonl");

    private void EnsureSame(string path, RunIdentity identity)
    {
        RunIdentity? before;
        try
        {
            before = JsonSerializer.Deserialize<RunIdentity>(File.ReadAllText(path), RunJson.Compact);
        }
        catch (JsonException e)
        {
            throw new DecantException($"{path} is damaged: {e.Message.Split('\n')[0]}", e);
        }
        if (before != identity)
            throw new DecantException(
                $"{path} was made from another network, recipe, teacher, seed, data or version, or with "
                    + "other threads or another device; resume with what it began with, or name another folder"
            );
    }
}

/// <summary>What decides a run's result: a run may be resumed only with the same.</summary>
/// <param name="Network">SHA-256 of the network that went in, as a container.</param>
/// <param name="Recipe">SHA-256 of the recipe.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Data">The training data, with its fingerprint; empty if none.</param>
/// <param name="Preprocessing">What is done to pixels.</param>
/// <param name="Decant">Decant's version.</param>
/// <param name="LibTorch">libtorch's version and the kind of device; empty if the recipe does not train.</param>
/// <param name="Threads">Threads that libtorch used, which decide last bits; 0 if the recipe does not train.</param>
/// <param name="Teacher">SHA-256 of the network to learn from, as a container; empty if none.</param>
/// <param name="Task">What the network's outputs mean.</param>
internal sealed record RunIdentity(
    string Network,
    string Recipe,
    ulong Seed,
    string Data,
    string Preprocessing,
    string Decant,
    string LibTorch,
    int Threads,
    string Teacher = "",
    string Task = "classification"
);

/// <summary>How run files are written as JSON.</summary>
internal static class RunJson
{
    public static JsonSerializerOptions Compact { get; } = new(JsonSerializerDefaults.Web);

    public static JsonSerializerOptions Indented { get; } = new(JsonSerializerDefaults.Web) { WriteIndented = true };
}

/// <summary>One line of metrics.jsonl.</summary>
/// <param name="Unit">The round's number over the whole run, from 0.</param>
/// <param name="Stage">The stage's name.</param>
/// <param name="Round">The round of the stage, from 1.</param>
/// <param name="Epoch">The epoch of the round, from 1.</param>
/// <param name="Loss">The mean training loss.</param>
/// <param name="LearningRate">The learning rate of the last step.</param>
/// <param name="HeldOut">The primary metric's value on the validation set; null if there is none.</param>
/// <param name="Seconds">How long the epoch took.</param>
internal sealed record MetricsLine(
    int Unit,
    string Stage,
    int Round,
    int Epoch,
    double Loss,
    double LearningRate,
    double? HeldOut,
    double Seconds
);
