using System.CommandLine;
using Decant.Cli.Screen;
using Decant.Core;
using Decant.Formats.Npy;
using Decant.Runs;
using Decant.Speed;

namespace Decant.Cli.Commands;

/// <summary>The options of commands that keep a run folder.</summary>
internal sealed class RunOptions
{
    private readonly Option<string?> run = new("--run")
    {
        Description = "the folder to keep the run's record and checkpoints in (beside the output, if anything trains)",
    };
    private readonly Option<string?> resume = new("--resume")
    {
        Description = "the folder of an interrupted run, to resume it",
    };

    public RunOptions(Command command)
    {
        command.Options.Add(run);
        command.Options.Add(resume);
    }

    /// <summary>
    /// The options, with the folder that is meant: without training a run is as soon begun anew, and has none unasked.
    /// </summary>
    public CompressionOptions Apply(CompressionOptions options, ParseResult parsed, string output, bool trains = true)
    {
        if (parsed.GetValue(resume) is { } folder)
        {
            if (parsed.GetValue(run) is not null)
                throw new UsageException("--run and --resume name the same thing: give one");
            return options with { RunFolder = folder, Resume = true };
        }
        string? asked = CommonOptions.ToWrite(parsed.GetValue(run));
        return options with
        {
            RunFolder = asked ?? (trains ? Free(Path.ChangeExtension(output, null) + ".run") : null),
        };
    }

    /// <summary>Does a run's work; if it is stopped, says how to go on.</summary>
    public static T Guard<T>(CompressionOptions options, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (OperationCanceledException e) when (options.RunFolder is { } folder && Directory.Exists(folder))
        {
            throw new DecantException($"stopped; the same command with --resume {folder} continues", e);
        }
    }

    private static string Free(string folder)
    {
        string name = folder;
        for (int i = 2; Directory.Exists(name); i++)
            name = $"{folder}-{i}";
        return name;
    }
}

/// <summary>What a network is fed: files, or numbers made here.</summary>
internal static class RunInputs
{
    private const string Zeros = "zeros",
        Random = "random";

    public const string Description =
        "an .npy file for each input of the network, in order; or one .npz file with an array named like "
        + "each; or zeros, or random (floats normal, masks 1, other integers 0 or 1)";

    /// <summary>Reads or makes a tensor for each input.</summary>
    /// <exception cref="DecantException">A file cannot be read, or has no array for an input.</exception>
    public static IReadOnlyList<Tensor> Read(IReadOnlyList<string> given, Network network, int batch) =>
        given switch
        {
            [Zeros] => Made(network, batch, fill: false),
            [Random] => Made(network, batch, fill: true),
            [var path] when Path.GetExtension(path).Equals(".npz", StringComparison.OrdinalIgnoreCase) => Archive(
                path,
                network
            ),
            [] => throw new UsageException($"--input is missing: {Description}"),
            _ => [.. given.Select(NpyReader.Read)],
        };

    private static Tensor[] Made(Network network, int batch, bool fill)
    {
        Tensor[] made = RandomInputs.For(network.Inputs, batch);
        if (!fill)
            foreach (Tensor tensor in made)
                tensor.Bytes().Clear();
        return made;
    }

    private static Tensor[] Archive(string path, Network network)
    {
        using NpzReader archive = NpzReader.Open(path);
        return [.. network.Inputs.Select(i => archive.Read(i.Name))];
    }
}

/// <summary>Shows a run as it goes.</summary>
internal sealed class RunDisplay(LiveProgress live) : IProgress<RunProgress>
{
    public void Report(RunProgress value)
    {
        string round = value.Rounds > 1 ? $" {value.Round}/{value.Rounds}" : "";
        string what = value.Epoch is { } e
            ? $"epoch {e.Epoch}/{e.Epochs}  loss "
                + $"{e.Loss:0.0000}{(e.HeldOut is { } s ? $"  validation {s.Primary}" : "")}"
            : value.What;
        live.Report(value.Done, $"{value.Stage}{round}: {what}");
    }
}
