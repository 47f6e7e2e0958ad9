using System.CommandLine;
using Decant.Cli.Screen;
using Decant.Core;
using Decant.Data;
using Decant.Pipelines;
using Decant.Reports;
using Decant.Runs;

namespace Decant.Cli.Commands;

internal sealed class CompressCommand
{
    private readonly ModelOptions model;
    private readonly Option<string> recipe = new("--recipe", "-r")
    {
        Description = "a shipped recipe's name, or a .yaml file",
        Required = true,
    };
    private readonly Option<string> output = CommonOptions.Output("the .dcnt file to write");
    private readonly Option<string?> teacher = new("--teacher")
    {
        Description = "another network, .onnx or .dcnt, that a distillation with 'from: teacher' learns from",
    };
    private readonly Option<string?> test = new("--test")
    {
        Description = "the test set, as for --data (its test part)",
    };
    private readonly Option<bool> dryRun = new("--dry-run")
    {
        Description = "only list what each stage will do to which weight",
    };
    private readonly Option<ulong> seed = CommonOptions.Seed();
    private readonly DataOptions data;
    private readonly RunOptions runs;
    private readonly TorchOptions torch;
    private readonly ReportOptions report;

    private CompressCommand(Command command)
    {
        model = new ModelOptions(command);
        foreach (Option option in new Option[] { recipe, output, teacher, test, dryRun })
            command.Options.Add(option);
        data = new DataOptions(command, required: false);
        runs = new RunOptions(command);
        torch = new TorchOptions(command);
        report = new ReportOptions(command);
        command.Options.Add(seed);
        command.Runs(Run);
    }

    public static Command Create()
    {
        var command = new Command(
            "compress",
            "Compresses a network by a recipe into a .dcnt file, and measures the file. Shipped recipes: "
                + string.Join(", ", ShippedRecipes.Names)
                + "."
        ).WithExample(
            "decant compress lenet.onnx --recipe deep-compression --data mnist -o lenet.dcnt",
            "decant compress squeezenet.onnx --recipe lossless -o squeezenet.dcnt",
            "decant compress lenet.onnx --recipe my.yaml --data mnist -o lenet.dcnt --dry-run"
        );
        _ = new CompressCommand(command);
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string path = CommonOptions.ToWrite(parsed.GetValue(output)!);
        if (Path.GetExtension(path) != ".dcnt")
            throw new UsageException($"the output of compress is a .dcnt file, not {path}");
        var loaded = new LoadedModel(model.Load(parsed, parsed.GetValue(seed)));
        Pipeline what = loaded.Recipe(parsed.GetValue(recipe)!);
        if (!what.NeedsTorch && torch.IsElsewhere(parsed))
            throw new UsageException(
                "--device says where libtorch computes, and no stage of this recipe trains or takes gradients: leave "
                    + "it out"
            );
        CompressionOptions options = Options(parsed, loaded.Network, cancellation);
        if (parsed.GetValue(dryRun))
        {
            report.Print(parsed, PlanOf(new Compressor(what, options), loaded.Take()));
            return 0;
        }
        options = options with
        {
            Test = data.Open(parsed, loaded.Network, DatasetPart.Test, cancellation, parsed.GetValue(test)),
        };
        options = runs.Apply(options, parsed, path, what.Trains);
        CheckGiven(what, options.Train is not null, options.Teacher is not null);
        CompressionReport made = RunOptions.Guard(options, () =>
            LiveProgress.Run(what.Name, live =>
                new Compressor(what, options).Run(loaded.Take, path, new RunDisplay(live), cancellation).Report
            )
        );
        DataOptions.WarnOfAssumed(made.AssumedPreprocessing);
        report.Print(parsed, made.ToDocument());
        return 0;
    }

    private CompressionOptions Options(ParseResult parsed, Network network, CancellationToken cancellation) =>
        new()
        {
            Preprocessing = data.Preprocessing(parsed),
            Task = data.Task(parsed),
            Torch = torch.Read(parsed),
            Seed = parsed.GetValue(seed),
            Train = data.Open(parsed, network, DatasetPart.Train, cancellation),
            Threads = torch.Threads(parsed),
            ComparesSpeed = true,
            Teacher = parsed.GetValue(teacher) is { } other ? Teacher(other) : null,
        };

    /// <summary>Names the flags of what a recipe needs and was not given.</summary>
    private static void CheckGiven(Pipeline recipe, bool data, bool teacher)
    {
        if (recipe.NeedsData && !data)
            throw new DecantException(
                $"recipe '{recipe.Name}' {(recipe.Trains ? "trains" : "looks at training data")} and so needs data: "
                    + "give --data"
            );
        if (recipe.NeedsTeacher && !teacher)
            throw new DecantException(
                $"recipe '{recipe.Name}' learns from another network ('from: teacher'): give it, --teacher FILE"
            );
        if (!recipe.NeedsTeacher && teacher)
            throw new DecantException(
                $"recipe '{recipe.Name}' learns from no other network: leave --teacher out, or give a "
                    + "distillation 'from: teacher'"
            );
    }

    private static Network Teacher(string model) =>
        !Models.IsOfZoo(model)
            ? Models.Load(model)
            : throw new DecantException(
                $"--teacher {model}: a network of the zoo is untrained; train it, and name the file"
            );

    private static ReportDocument PlanOf(Compressor compressor, Network network)
    {
        var plan = compressor.Plan(network);
        return new ReportDocument(
            new
            {
                changes = plan.Select(p => new
                {
                    p.Stage,
                    p.Round,
                    p.Change.Target,
                    p.Change.What,
                }),
            },
            ReportTable.Of(
                ["stage", "round", "target", "what"],
                plan.Select(p => (IReadOnlyList<string>)[p.Stage, $"{p.Round}", p.Change.Target, p.Change.What]),
                words: 4
            )
        );
    }
}
