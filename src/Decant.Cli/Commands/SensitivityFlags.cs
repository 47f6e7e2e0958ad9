using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Decant.Cli.Screen;
using Decant.Core;
using Decant.Data;
using Decant.Sensitivity;
using Decant.Techniques.Pruning;

namespace Decant.Cli.Commands;

/// <summary>The options of an analysis of sensitivity.</summary>
internal sealed class SensitivityFlags
{
    private readonly Option<string?> output = new("--output", "-o")
    {
        Description =
            "the folder for the table, the plot and the measurements (the model's name with .sensitivity); "
            + "an interrupted analysis continues in its folder",
    };
    private readonly Option<string[]> weights = new("--weights")
    {
        Description =
            "patterns over weight names, * for any characters, ? for one "
            + "(every weight that a layer multiplies by or looks up)",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<bool> structured = new("--structured")
    {
        Description = "prune channels of one group at a time, instead of single weights of one tensor",
    };
    private readonly Option<string?> levels = new("--levels")
    {
        Description =
            "sparsities to measure, each such as 0.5 or 50% "
            + $"({string.Join(',', SensitivityOptions.DefaultLevels.Select(Text))})",
    };
    private readonly Option<int?> images = new("--images")
    {
        Description =
            "size of the validation set, taken from the training examples (1000, or all where there are fewer)",
    };
    private readonly Option<string?> criterion = new("--criterion")
    {
        Description = "how weights or channels are ranked, by its name in recipes (magnitude)",
    };
    private readonly Option<string?> recipe = new("--recipe")
    {
        Description =
            "the .yaml file to write a recipe to, with a level for each that together keep --accuracy or --loss",
    };
    private readonly Option<string?> accuracy = new("--accuracy")
    {
        Description = "the primary metric that the recipe keeps on these examples; an accuracy such as 0.98 or 98%",
    };
    private readonly Option<string?> loss = new("--loss")
    {
        Description = "the most points of the primary metric that the recipe loses, such as 0.5%",
    };
    private readonly Option<int> threads = new("--threads")
    {
        Description = "threads; 0 for one a core (0)",
        DefaultValueFactory = _ => 0,
    };

    public SensitivityFlags(Command command)
    {
        foreach (
            Option option in new Option[]
            {
                output,
                weights,
                structured,
                levels,
                images,
                criterion,
                recipe,
                accuracy,
                loss,
                threads,
            }
        )
            command.Options.Add(option);
    }

    /// <summary>Where the analysis lies.</summary>
    public string Folder(ParseResult parsed, string model) =>
        CommonOptions.ToWrite(parsed.GetValue(output))
        ?? $"{Path.GetFileNameWithoutExtension(model).Split(':')[^1]}.sensitivity";

    /// <summary>The file that a recipe goes to; null for none.</summary>
    /// <exception cref="UsageException">It is named without an accuracy, or the other way round.</exception>
    public string? Recipe(ParseResult parsed)
    {
        string? file = CommonOptions.ToWrite(parsed.GetValue(recipe));
        int targets = (parsed.GetValue(accuracy) is null ? 0 : 1) + (parsed.GetValue(loss) is null ? 0 : 1);
        if (file is null)
            return targets == 0
                ? null
                : throw new UsageException(
                    "--accuracy and --loss say what a recipe keeps: name its file with --recipe"
                );
        if (targets != 1)
            throw new UsageException("--recipe needs one of --accuracy and --loss");
        if (Path.GetExtension(file) is not (".yaml" or ".yml"))
            throw new UsageException($"--recipe writes a .yaml file, not {file}");
        if (parsed.GetValue(accuracy) is not null)
            Accuracy(parsed);
        else
            Loss(parsed);
        return file;
    }

    /// <summary>The worst value of the primary metric that the recipe keeps.</summary>
    public double Target(ParseResult parsed, MetricValue reference)
    {
        if (parsed.GetValue(accuracy) is not null)
            return Accuracy(parsed);
        double lost = Loss(parsed) * reference.Point;
        return reference.Direction == MetricDirection.HigherIsBetter ? reference.Value - lost : reference.Value + lost;
    }

    public SensitivityOptions Read(
        ParseResult parsed,
        IDataSource train,
        LearningTask? task,
        Preprocessing? preprocessing,
        ulong seed,
        string folder
    ) =>
        new()
        {
            Train = train,
            Task = task,
            Preprocessing = preprocessing,
            Seed = seed,
            Folder = folder,
            Images = parsed.GetValue(images) is { } n ? CommonOptions.AtLeast(1, n, images) : null,
            Levels = parsed.GetValue(levels) is { } text ? Levels(text) : SensitivityOptions.DefaultLevels,
            Weights = [.. parsed.GetValue(weights) ?? []],
            Structured = parsed.GetValue(structured),
            Criterion = parsed.GetValue(criterion) is { } name ? Criterion.Parse(name) : null,
            Threads = CommonOptions.AtLeast(0, parsed.GetValue(threads), threads),
        };

    private double Accuracy(ParseResult parsed) =>
        parsed.GetValue(accuracy) is { } text && Units.TryReadShare(text, out double share) && share is > 0 and <= 1
            ? share
            : throw new UsageException(
                $"{accuracy.Name} is {parsed.GetValue(accuracy)}; an accuracy above 0 and up to 1, such as 0.98 or "
                    + "98%, would work"
            );

    private double Loss(ParseResult parsed) => CommonOptions.Points(parsed.GetValue(loss)!, loss);

    private ImmutableArray<double> Levels(string text) =>
        [
            .. text.Split(',')
                .Select(part =>
                    Units.TryReadShare(part, out double level) && level is >= 0 and <= SensitivityOptions.MaxLevel
                        ? level
                        : throw new UsageException(
                            $"{levels.Name}: '{part.Trim()}' is no level; give levels from 0 to "
                                + $"{Text(SensitivityOptions.MaxLevel)}, such as 0.5,0.8,0.9 or 50%,80%,90%"
                        )
                ),
        ];

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
