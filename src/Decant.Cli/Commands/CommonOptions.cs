using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Decant.Cli.Screen;
using Decant.Core;
using Decant.Data;
using Decant.Reports;
using Decant.Techniques;
using Decant.Torch;

namespace Decant.Cli.Commands;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public static Option<string> Output(string what) => new("--output", "-o") { Description = what, Required = true };

    /// <summary>A file or folder to write, whose own folder is there.</summary>
    /// <exception cref="DecantException">It is not there: better said before than after an hour of work.</exception>
    [return: NotNullIfNotNull(nameof(path))]
    public static string? ToWrite(string? path)
    {
        if (path is not null)
            OutputFolder.CheckAround(path);
        return path;
    }

    public static Option<ulong> Seed() =>
        new("--seed") { Description = "decides every random choice", DefaultValueFactory = _ => 1 };

    public static Option<int> Threads() =>
        new("--threads")
        {
            Description = "threads to compute with; 0 for one a core (0)",
            DefaultValueFactory = _ => 0,
        };

    /// <summary>A number that must not be below another.</summary>
    /// <exception cref="UsageException">It is.</exception>
    public static int AtLeast(int least, int value, Option option) =>
        value >= least ? value : throw new UsageException($"{option.Name} is {value}; {least} or more would work");

    /// <summary>Points of the primary metric that may be lost: 0.5 and 0.5% are half a point of an accuracy.</summary>
    /// <exception cref="UsageException">The text is neither a number nor a percentage from 0 to 100.</exception>
    public static double Points(string text, Option option) =>
        Units.TryReadShare(text.EndsWith('%') ? text : $"{text}%", out double share) && share is >= 0 and <= 1
            ? 100 * share
            : throw new UsageException($"{option.Name} is {text}; points from 0 to 100, such as 0.5%, would work");

    /// <summary>Reads a record of options from key=value, with commas between.</summary>
    /// <param name="type">The type of the record.</param>
    /// <param name="what">What messages call a key.</param>
    /// <param name="text">The text.</param>
    /// <param name="option">The flag that it is from.</param>
    /// <exception cref="UsageException">A part of the text is no such pair.</exception>
    /// <exception cref="OptionsException">A key is unknown, or its value is wrong.</exception>
    public static object Read(Type type, string what, string text, Option option)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string part in OptionTexts.Split(text))
            if (part.Split('=', StringSplitOptions.TrimEntries) is [var key, var value])
                given[key] = value;
            else
                throw new UsageException($"{option.Name} has '{part}'; key=value pairs with commas between would work");
        return OptionSchema.Of(type).Read(new OptionTexts(what, given));
    }

    /// <summary>Adds a command's example under its description.</summary>
    public static Command WithExample(this Command command, params string[] examples)
    {
        command.Description += "\n\nExample:\n  " + string.Join("\n  ", examples);
        return command;
    }

    /// <summary>Opens one part of a data set.</summary>
    public static IDataSource Open(string name, string? root, DatasetPart part, DatasetOptions? options = null) =>
        Datasets.Open(name, DataRoot.Resolve(root), part, options);
}

/// <summary>The options that name data, their preprocessing and what a network does with them.</summary>
internal sealed class DataOptions
{
    private readonly Option<string?> data = new("--data")
    {
        Description =
            "mnist, digits, cifar-10, sst2, sts-b; or an .npz file: x and y for images and their classes, or an array "
            + "for each input of the network, by its name, with targets y or target.NAME, or without (also .npy files "
            + "in a folder, .parquet); or "
            + "a folder of images, or of a folder for each class, or a .csv or .jsonl list of path and label; or a "
            + ".wav file or a folder of them; or sentences: a .txt, .tsv or .jsonl file; or random:64, so many random "
            + "examples",
    };
    private readonly Option<string?> root = new("--data-root")
    {
        Description = "the data root, the folder of named data sets (else DECANT_DATA, else the cache)",
    };
    private readonly Option<string?> tokenizer = new("--tokenizer")
    {
        Description =
            "the vocabulary by which sentences are split into tokens: vocab.txt (WordPiece), vocab.json beside "
            + "merges.txt (BPE), or a SentencePiece .model",
    };
    private readonly Option<int> length = new("--max-length")
    {
        Description = "the most tokens of a sentence; 0 for as many as the network says that it takes (0)",
        DefaultValueFactory = _ => 0,
    };
    private readonly Option<string?> task = new("--task")
    {
        Description =
            "what is measured: classification, multi-label, regression, segmentation, detection, restoration (of "
            + "images or sound), embedding (of scored pairs); or fidelity to the original network, which needs no "
            + "targets (the task that the data's targets fit, else fidelity)",
    };
    private readonly Option<string?> taskOptions = new("--task-options")
    {
        Description = "how outputs are read, such as boxes=center,background=0 for detection, peak=255 for restoration",
    };

    private readonly HashSet<string> said = new(StringComparer.Ordinal);
    private readonly ImageFlags images;
    private readonly AudioFlags audio;
    private readonly StateFlags states;

    public DataOptions(Command command, bool required, bool scores = true)
    {
        data.Required = required;
        task.AcceptOnlyFromAmong([.. LearningTasks.Names]);
        foreach (Option option in new Option[] { data, root })
            command.Options.Add(option);
        images = new ImageFlags(command);
        audio = new AudioFlags(command);
        states = new StateFlags(command);
        foreach (Option option in new Option[] { tokenizer, length })
            command.Options.Add(option);
        if (!scores)
            return;
        command.Options.Add(task);
        command.Options.Add(taskOptions);
    }

    /// <summary>The task that is named; null if none is.</summary>
    /// <exception cref="UsageException">There are options without a task that has such.</exception>
    public LearningTask? Task(ParseResult parsed)
    {
        string? name = parsed.GetValue(task);
        if (parsed.GetValue(taskOptions) is not { } text)
            return name is null ? null : LearningTasks.Of(name);
        if (name is null)
            throw new UsageException($"{taskOptions.Name} says how a task reads outputs: name it with {task.Name}");
        if (LearningTasks.OptionsOf(name) is not { } type)
            throw new UsageException($"{task.Name} {name} has no options; leave out {taskOptions.Name}");
        return LearningTasks.Of(name, CommonOptions.Read(type, $"option of {name}", text, taskOptions));
    }

    /// <summary>Says, on standard error, what is assumed of a network's preprocessing.</summary>
    public void WarnOfAssumed(ParseResult parsed, Network network, IDataSource examples)
    {
        if (Preprocessing(parsed) is null)
            WarnOfAssumed(Preprocessings.Assumed(network, examples));
    }

    /// <summary>Says, on standard error, what a run assumed of a network's preprocessing.</summary>
    /// <param name="assumed">The sentence; null for nothing.</param>
    public static void WarnOfAssumed(string? assumed)
    {
        if (assumed is not null)
            Console.Error.WriteLine(
                $"warning: {assumed}; what the network was trained with is given by --scale, --mean, --std and "
                    + "--channels, or --preprocessing FILE (--scale 1 for pixels as they are)"
            );
    }

    /// <summary>Opens a part of the data that are named; null if none are.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="network">The network that gets them.</param>
    /// <param name="part">Which part.</param>
    /// <param name="cancellation">Stops the network while its states are recorded.</param>
    /// <param name="other">Other data to open instead.</param>
    /// <exception cref="DataException">Flags say what is done to images, and the data have none; or images have another
    /// size than the network takes; or an input gets no data.</exception>
    /// <exception cref="UsageException">The data are text without a tokenizer, or the other way round.</exception>
    public IDataSource? Open(
        ParseResult parsed,
        Network network,
        DatasetPart part,
        CancellationToken cancellation,
        string? other = null
    )
    {
        if ((other ?? parsed.GetValue(data)) is not { } name)
            return null;
        IDataSource source = states.Recorded(
            parsed,
            network,
            Opened(parsed, name, network, part),
            s => Preprocessing(parsed) ?? Preprocessings.Of(network, s),
            cancellation
        );
        // One file may be both halves.
        foreach (string note in source.Notes.Where(said.Add))
            Console.Error.WriteLine($"warning: {note}");
        images.CheckNeeded(parsed, source);
        return source;
    }

    private IDataSource Opened(ParseResult parsed, string name, Network network, DatasetPart part)
    {
        var options = new DatasetOptions
        {
            Images = images.Read(parsed, network),
            Random = new RandomOptions { Inputs = network.Inputs, Text = TextLimits.Of(network) },
        };
        audio.CheckNeeded(parsed, name);
        if (Datasets.IsAudio(name))
            options = options with { Audio = audio.Read(parsed, network, states.Find(parsed, network, [])) };
        if (Text(parsed, name, network) is { } text)
            options = options with { Text = text };
        try
        {
            return CommonOptions.Open(name, parsed.GetValue(root), part, options);
        }
        catch (ImageSizeException e)
        {
            throw images.Advised(e);
        }
    }

    /// <summary>What the flags say of text; null for data that are none.</summary>
    private TextOptions? Text(ParseResult parsed, string name, Network network)
    {
        string? file = parsed.GetValue(tokenizer);
        int most = CommonOptions.AtLeast(0, parsed.GetValue(length), length);
        if (!Datasets.IsText(name))
            return file is null && most == 0
                ? null
                : throw new UsageException(
                    $"{(file is null ? (Option)length : tokenizer).Name} is of text, and data set '{name}' is none; "
                        + "leave it out"
                );
        if (file is null)
            throw new UsageException(
                $"data set '{name}' is text: name the vocabulary that came with the network, {tokenizer.Name} vocab.txt"
            );
        return new TextOptions
        {
            Tokenizer = TextTokenizer.Load(file),
            MaxLength = most,
            Limits = TextLimits.Of(network),
        };
    }

    /// <summary>The preprocessing that the flags give; null if none is given.</summary>
    public Preprocessing? Preprocessing(ParseResult parsed) => images.Preprocessing(parsed);
}

/// <summary>How a command prints its results.</summary>
internal sealed class ReportOptions
{
    private readonly Option<bool> json = new("--json") { Description = "print the result as JSON, for scripts" };
    private readonly Option<bool> markdown = new("--markdown") { Description = "print the result as Markdown" };

    public ReportOptions(Command command)
    {
        command.Options.Add(json);
        command.Options.Add(markdown);
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(markdown))
                result.AddError("--json and --markdown are two ways to print the result: give one");
        });
    }

    /// <summary>Prints a document on standard output.</summary>
    public void Print(ParseResult parsed, ReportDocument document)
    {
        if (parsed.GetValue(json))
            Console.WriteLine(JsonReport.Of(document));
        else if (parsed.GetValue(markdown))
            Console.Write(MarkdownReport.Of(document));
        else
            TerminalReport.Print(document);
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

    /// <summary>Threads that were asked for; 0 for one a core.</summary>
    public int Threads(ParseResult parsed) => CommonOptions.AtLeast(0, parsed.GetValue(threads), threads);

    /// <summary>What the flags ask of libtorch.</summary>
    /// <exception cref="TorchException">There is no such device, or no libtorch for it.</exception>
    public TorchSettings Read(ParseResult parsed)
    {
        if (IsElsewhere(parsed))
            LibTorch.CheckDevice(parsed.GetValue(device)!);
        return new TorchSettings { Device = parsed.GetValue(device)!, Threads = Math.Max(0, parsed.GetValue(threads)) };
    }
}
