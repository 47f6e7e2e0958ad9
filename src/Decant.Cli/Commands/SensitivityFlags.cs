using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Decant.Cli.Screen;
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
            "patterns over weight names, * for any characters, ? for one (every weight with two axes or more)",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<bool> structured = new("--structured")
    {
        Description = "prune channels of one group at a time, instead of single weights of one tensor",
    };
    private readonly Option<string?> levels = new("--levels")
    {
        Description = "sparsities to measure " + $"({string.Join(',', SensitivityOptions.DefaultLevels.Select(Text))})",
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
    private readonly Option<double?> accuracy = new("--accuracy")
    {
        Description = "the primary metric that the recipe keeps on these examples; an accuracy from 0 to 1",
    };
    private readonly Option<double?> loss = new("--loss")
    {
        Description = "the points of the primary metric that the recipe may lose; of an accuracy, of 100",
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
        if (parsed.GetValue(accuracy) is { } a && a is not (> 0 and <= 1))
            throw new UsageException($"--accuracy {Text(a)} is out of range; write 98 % as 0.98");
        if (parsed.GetValue(loss) is { } l && l is not (>= 0 and < 100))
            throw new UsageException($"--loss {Text(l)} is out of range; half a point is 0.5");
        return file;
    }

    /// <summary>The worst value of the primary metric that the recipe keeps.</summary>
    public double Target(ParseResult parsed, MetricValue reference)
    {
        if (parsed.GetValue(accuracy) is { } asked)
            return asked;
        double lost = parsed.GetValue(loss)!.Value * reference.Point;
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

    private ImmutableArray<double> Levels(string text) =>
        [
            .. text.Split(',')
                .Select(part =>
                    double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double level)
                    && level is >= 0 and <= SensitivityOptions.MaxLevel
                        ? level
                        : throw new UsageException(
                            $"{levels.Name}: '{part.Trim()}' is no level; give levels from 0 to "
                                + $"{Text(SensitivityOptions.MaxLevel)}, such as 0.5,0.8,0.9"
                        )
                ),
        ];

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
