using System.CommandLine;
using Decant.Core;
using Decant.Data;
using Decant.Pipelines;
using Decant.Techniques;
using Decant.Training;

namespace Decant.Cli.Commands;

/// <summary>
/// The flags that say how to train. They make a pipeline of one stage, so that training by flags and by recipe is the
/// same thing.
/// </summary>
internal sealed class TrainingFlags
{
    private static readonly (string Flag, string Key, string Help)[] Keys =
    [
        ("--epochs", "epochs", "passes over the training set (30)"),
        ("--batch", "batch", "batch size (64)"),
        ("--optimizer", "optimizer", "adam or sgd (adam)"),
        ("--lr", "learning-rate", "learning rate at the start (0.001)"),
        ("--schedule", "schedule", "cosine, constant, linear or step (cosine)"),
        ("--warm-up", "warm-up", "epochs over which the learning rate rises (0)"),
        ("--momentum", "momentum", "momentum of sgd (0.9)"),
        ("--weight-decay", "weight-decay", "weight decay of matrices and filters (0)"),
        ("--loss", "loss", "cross-entropy or squared-hinge (cross-entropy)"),
        ("--label-smoothing", "label-smoothing", "share of each target spread over all classes (0)"),
    ];

    private readonly Option<string?>[] options =
    [
        .. Keys.Select(k => new Option<string?>(k.Flag) { Description = k.Help }),
    ];
    private readonly Option<string?> augment = new("--augment")
    {
        Description = "random changes, such as shift=1,rotate=10,scale=0.1 or shift=4,flip=true",
    };
    private readonly Option<int> holdOut = new("--hold-out")
    {
        Description = "size of the validation set, taken from the training images",
        DefaultValueFactory = _ => 0,
    };

    public TrainingFlags(Command command)
    {
        foreach (Option option in options)
            command.Options.Add(option);
        command.Options.Add(augment);
        command.Options.Add(holdOut);
    }

    /// <summary>
    /// The pipeline of one training stage that the flags name; without any, the one shipped for it, if there is
    /// one.
    /// </summary>
    /// <exception cref="DecantException">A flag's value is wrong.</exception>
    public Pipeline Read(ParseResult parsed, Network network)
    {
        if (
            options.All(o => parsed.GetValue(o) is null)
            && parsed.GetValue(augment) is null
            && parsed.GetValue(holdOut) == 0
            && ShippedRecipes.Find("train", network) is { } shipped
        )
            return shipped;
        return new Pipeline
        {
            Name = "train",
            HoldOut = parsed.GetValue(holdOut),
            Stages = [new PipelineStage { Name = "train", Training = Options(parsed) }],
        };
    }

    private TrainingOptions Options(ParseResult parsed)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < Keys.Length; i++)
            if (parsed.GetValue(options[i]) is { } value)
                given[Keys[i].Key] = value;
        var training = (TrainingOptions)
            OptionSchema.Of(typeof(TrainingOptions)).Read(new OptionTexts("training option", given));
        return parsed.GetValue(augment) is { } changes ? training with { Augmentation = Changes(changes) } : training;
    }

    private Augmentation Changes(string text) =>
        (Augmentation)CommonOptions.Read(typeof(Augmentation), "key of 'augment'", text, augment);
}
