using Decant.Training.Data;

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
    IReadOnlyList<RecipeStage> Stages)
{
    /// <summary>Whether any stage trains.</summary>
    public bool Trains => Stages.Any(s => s.Training is not null);

    /// <summary>Whether any stage trains or plans on images, so that data are needed.</summary>
    public bool NeedsData => Trains || Stages.Any(s => s.Uses.Any(u => u.Technique.NeedsData));

    /// <summary>Whether a technique looks at the network that the run began with.</summary>
    public bool NeedsReference => Stages.Any(s => s.Uses.Any(u => u.Technique.NeedsReference));

    /// <summary>Whether a technique learns from another network, which the run must be given.</summary>
    public bool NeedsTeacher => Stages.Any(s => s.Uses.Any(u => u.Technique.NeedsTeacher));

    /// <summary>This recipe with every stage's epochs multiplied, at least 1 each: a short form for trying things out.</summary>
    public Recipe WithEpochs(double factor) => this with
    {
        Text = $"{Text}\n# epochs × {factor.ToString(System.Globalization.CultureInfo.InvariantCulture)}\n",
        Stages = [.. Stages.Select(s => s.Training is { } t
            ? s with { Training = t with { Epochs = Math.Max(1, (int)Math.Round(t.Epochs * factor)) } } : s)],
    };
}
