using Decant.Core;
using Decant.Data;
using Decant.Techniques;
using Decant.Training;

namespace Decant.Recipes;

/// <summary>What to do to a network (techniques) and when (stages), read from YAML.</summary>
/// <param name="Name">The recipe's name.</param>
/// <param name="Description">What it is for, in one line.</param>
/// <param name="Text">The YAML it was read from, kept with a run.</param>
/// <param name="Preprocessing">The pixel arithmetic; null if the network's own or the default is meant.</param>
/// <param name="HoldOut">How many training images are held out to watch accuracy.</param>
/// <param name="Shapes">Weights that the network must have, with their shapes, for the recipe to fit it.</param>
/// <param name="Stages">What happens, in order.</param>
public sealed record Recipe(
    string Name,
    string Description,
    string Text,
    Preprocessing? Preprocessing,
    int HoldOut,
    IReadOnlyDictionary<string, string> Shapes,
    IReadOnlyList<RecipeStage> Stages
)
{
    /// <summary>Whether any stage trains.</summary>
    public bool Trains => Stages.Any(s => s.Training is not null);

    /// <summary>Whether any stage trains or plans on images, so that data are needed.</summary>
    public bool NeedsData => Trains || Stages.Any(s => s.Uses.Any(u => u.Technique.NeedsData));

    /// <summary>Whether any stage trains or plans on gradients, and so needs libtorch.</summary>
    public bool NeedsTorch => Trains || Stages.Any(s => s.Uses.Any(u => u.Technique.NeedsGradients));

    /// <summary>Whether a technique looks at the network that the run began with.</summary>
    public bool NeedsReference => Stages.Any(s => s.Uses.Any(u => u.Technique.NeedsReference));

    /// <summary>Whether a technique learns from another network, which the run must be given.</summary>
    public bool NeedsTeacher => Stages.Any(s => s.Uses.Any(u => u.Technique.NeedsTeacher));

    /// <summary>
    /// This recipe with every stage's epochs multiplied, at least 1 each: a short form for trying things out.
    /// </summary>
    public Recipe WithEpochs(double factor) =>
        this with
        {
            Text = $"{Text}\n# epochs × {factor.ToString(System.Globalization.CultureInfo.InvariantCulture)}\n",
            Stages =
            [
                .. Stages.Select(s =>
                    s.Training is { } t
                        ? s with
                        {
                            Training = t with { Epochs = Math.Max(1, (int)Math.Round(t.Epochs * factor)) },
                        }
                        : s
                ),
            ],
        };
}

/// <summary>One stage: in each round its techniques are applied and the network is trained.</summary>
/// <param name="Name">The stage's name, unique in the recipe.</param>
/// <param name="Uses">The techniques applied, in order; none in a stage that only trains.</param>
/// <param name="Rounds">How often; techniques with a ramp reach their target in the last round.</param>
/// <param name="Training">How each round trains; null if not at all.</param>
public sealed record RecipeStage(string Name, IReadOnlyList<TechniqueUse> Uses, int Rounds, TrainingOptions? Training);

/// <summary>A recipe is wrong. The message names the file, the line and what would work.</summary>
/// <param name="file">The recipe's file or name.</param>
/// <param name="line">The line, from 1.</param>
/// <param name="message">What is wrong and what would work.</param>
public sealed class RecipeException(string file, int line, string message)
    : DecantException($"{file}, line {line}: {message}")
{
    /// <summary>The line, from 1.</summary>
    public int Line { get; } = line;
}

/// <summary>A technique with its options, and the weights it is meant for.</summary>
/// <param name="Name">The name the recipe gives it.</param>
/// <param name="Patterns">Weight names; * stands for any characters, ? for one. None for every weight with two axes or
/// more.</param>
/// <param name="Make">Makes the technique from a seed.</param>
/// <param name="Fail">Makes an error at the recipe's line.</param>
public sealed record TechniqueUse(
    string Name,
    IReadOnlyList<string> Patterns,
    Func<ulong, Technique> Make,
    Func<string, RecipeException> Fail
)
{
    /// <summary>The technique, for what does not depend on the seed.</summary>
    public Technique Technique { get; } = Make(0);

    /// <summary>The weights of a network that the patterns match, in the network's order.</summary>
    /// <exception cref="RecipeException">A pattern matches nothing.</exception>
    public IReadOnlyList<Weight> Select(Network network) => WeightPatterns.Select(network, Patterns, Fail);
}
