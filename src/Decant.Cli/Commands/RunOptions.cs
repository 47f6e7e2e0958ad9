using System.CommandLine;
using Decant.Cli.Screen;
using Decant.Core;
using Decant.Runs;

namespace Decant.Cli.Commands;

/// <summary>The options of commands that keep a run folder.</summary>
internal sealed class RunOptions
{
    private readonly Option<string?> run = new("--run") { Description = "the folder to keep the run's record and checkpoints in (beside the output)" };
    private readonly Option<string?> resume = new("--resume") { Description = "the folder of a run that was cut off, to go on with" };

    public RunOptions(Command command)
    {
        command.Options.Add(run);
        command.Options.Add(resume);
    }

    /// <summary>The options, with the folder that is meant.</summary>
    public CompressionOptions Apply(CompressionOptions options, ParseResult parsed, string output)
    {
        if (parsed.GetValue(resume) is { } folder)
        {
            if (parsed.GetValue(run) is not null) throw new UsageException("--run and --resume name the same thing: give one");
            return options with { RunFolder = folder, Resume = true };
        }
        return options with { RunFolder = parsed.GetValue(run) ?? Free(Path.ChangeExtension(output, null) + ".run") };
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
            throw new DecantException($"stopped; the same command with --resume {folder} goes on", e);
        }
    }

    private static string Free(string folder)
    {
        string name = folder;
        for (int i = 2; Directory.Exists(name); i++) name = $"{folder}-{i}";
        return name;
    }
}
