using System.CommandLine;
using Decant.Cli.Screen;
using Decant.Data;
using Decant.Torch;
using Decant.Zoo;

namespace Decant.Cli.Commands;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public static Argument<string> Model() =>
        new("model")
        {
            Description =
                $"a .onnx or .dcnt file, or zoo:NAME ({string.Join(", ", Architectures.All.Select(e => e.Name))})",
        };

    public static Option<string?> Weights() =>
        new("--weights")
        {
            Description = "a PyTorch state dictionary (.th, .pt, .pth) that gives zoo:NAME its weights",
        };

    public static Option<bool> AsJson() => new("--json") { Description = "print the result as JSON, for scripts" };

    public static Option<string> Output(string what) => new("--output", "-o") { Description = what, Required = true };

    public static Option<ulong> Seed() =>
        new("--seed") { Description = "decides every random choice", DefaultValueFactory = _ => 1 };

    /// <summary>A number that must not be below another.</summary>
    /// <exception cref="UsageException">It is.</exception>
    public static int AtLeast(int least, int value, Option option) =>
        value >= least ? value : throw new UsageException($"{option.Name} is {value}; {least} or more would work");

    /// <summary>Adds a command's example under its description.</summary>
    public static Command WithExample(this Command command, params string[] examples)
    {
        command.Description += "\n\nExample:\n  " + string.Join("\n  ", examples);
        return command;
    }

    /// <summary>Opens one part of a data set.</summary>
    public static LabelledImages Open(string name, string? root, DatasetPart part) =>
        Datasets.OpenImages(name, DataRoot.Resolve(root), part);
}

/// <summary>The options that name data and their pixel arithmetic.</summary>
internal sealed class DataOptions
{
    private readonly Option<string?> data = new("--data")
    {
        Description = "mnist, digits, cifar-10, or an .npz file with x and y",
    };
    private readonly Option<string?> root = new("--data-root")
    {
        Description = "the folder where named data sets lie (else DECANT_DATA, else the cache)",
    };
    private readonly Option<string?> scale = new("--scale")
    {
        Description = "pixel factor, such as 1/255: x = (pixel × scale − mean) / std",
    };
    private readonly Option<string?> mean = new("--mean") { Description = "mean after scaling: one number or r,g,b" };
    private readonly Option<string?> std = new("--std")
    {
        Description = "standard deviation after scaling: one number or r,g,b",
    };
    private readonly Option<string?> channels = new("--channels") { Description = "rgb or bgr" };

    public DataOptions(Command command, bool required)
    {
        data.Required = required;
        foreach (Option option in new Option[] { data, root, scale, mean, std, channels })
            command.Options.Add(option);
    }

    /// <summary>Opens a part of the data that are named; null if none are.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="part">Which part.</param>
    /// <param name="other">Other data to open instead.</param>
    public LabelledImages? Open(ParseResult parsed, DatasetPart part, string? other = null) =>
        (other ?? parsed.GetValue(data)) is { } name ? CommonOptions.Open(name, parsed.GetValue(root), part) : null;

    /// <summary>The arithmetic that the flags name; null if none is given.</summary>
    public Preprocessing? Preprocessing(ParseResult parsed)
    {
        var parts = new List<string>();
        foreach (Option<string?> option in new[] { scale, mean, std, channels })
            if (parsed.GetValue(option) is { } value)
                parts.Add($"{option.Name[2..]}={value}");
        return parts.Count == 0 ? null : Decant.Data.Preprocessing.Parse(string.Join(';', parts));
    }
}

/// <summary>The flags of every command that runs libtorch: how many threads it uses, and where.</summary>
internal sealed class TorchOptions
{
    private readonly Option<int> threads;
    private readonly Option<string> device = new("--device")
    {
        Description = "where libtorch computes: cpu, cuda, cuda:1 …",
        DefaultValueFactory = _ => LibTorch.Processor,
    };

    public TorchOptions(Command command, int otherwise = 0)
    {
        threads = new("--threads")
        {
            Description = $"threads of libtorch; 0 for one a core ({otherwise})",
            DefaultValueFactory = _ => otherwise,
        };
        command.Options.Add(threads);
        command.Options.Add(device);
    }

    /// <summary>Whether libtorch is to compute elsewhere than on the processor.</summary>
    public bool IsElsewhere(ParseResult parsed) => parsed.GetValue(device) != LibTorch.Processor;

    /// <summary>Sets libtorch up. Without libtorch only <c>cpu</c> is accepted.</summary>
    /// <exception cref="TorchException">There is no such device, or no libtorch.</exception>
    public void Use(ParseResult parsed)
    {
        UseThreads(parsed.GetValue(threads));
        if (parsed.GetValue(device) is { } where && where != LibTorch.Device)
            LibTorch.Device = where;
    }

    /// <summary>Threads of libtorch's operators; 0 for one a core.</summary>
    public static void UseThreads(int wanted)
    {
        if (LibTorch.IsAvailable)
            LibTorch.Threads = wanted > 0 ? wanted : Environment.ProcessorCount;
    }
}
