using Decant.Core;
using Decant.Data;
using Decant.Techniques;

namespace Decant.Recipes;

/// <summary>Reads recipes from YAML, strictly.</summary>
public static class RecipeReader
{
    private const int MaxLength = 1 << 20;

    /// <summary>Reads a recipe.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="file">What messages call it.</param>
    /// <exception cref="RecipeException">A key is unknown, a value wrong, or the YAML broken; the line is
    /// named.</exception>
    public static Recipe Read(string text, string file)
    {
        if (text.Length > MaxLength)
            throw new RecipeException(file, 1, $"the recipe is longer than {MaxLength} characters");
        var map = new RecipeMap(YamlText.Root(text, file, "a recipe"), file, "a recipe");
        var recipe = new Recipe(
            map.Text("recipe"),
            map.Text("description", ""),
            text,
            map.Has("preprocessing") ? ReadPreprocessing(map) : null,
            map.Integer("hold-out", 0, 1_000_000, 0),
            map.Map("network")?.Rest() ?? [],
            ReadStages(map, ReadTechniques(map))
        );
        map.EnsureAllKnown();
        return recipe;
    }

    private static Preprocessing ReadPreprocessing(RecipeMap map)
    {
        RecipeMap p = map.Map("preprocessing")!;
        string text = string.Join(';', p.Rest().Select(e => $"{e.Key}={e.Value}"));
        try
        {
            return Preprocessing.Parse(text);
        }
        catch (DataException e)
        {
            throw map.Error("preprocessing", e.Message);
        }
    }

    private static Dictionary<string, TechniqueUse> ReadTechniques(RecipeMap map)
    {
        if (map.Map("techniques") is not { } techniques)
            return [];
        return techniques.Keys.ToDictionary(name => name, name => ReadTechnique(name, techniques.Map(name)!));
    }

    private static TechniqueUse ReadTechnique(string name, RecipeMap map)
    {
        string technique = map.Text("technique");
        IReadOnlyList<string> patterns = map.Has("weights") ? map.Texts("weights") : [];
        Dictionary<string, string> rest = map.Rest("technique", "weights");
        Technique Make(ulong seed) =>
            TechniqueCatalogue.Create(
                technique,
                new TechniqueOptions(rest, (key, message) => map.Error(key, $"technique '{name}': {message}")),
                seed
            );
        return new TechniqueUse(name, patterns, Make, message => map.Error("weights", message));
    }

    private static List<RecipeStage> ReadStages(RecipeMap map, Dictionary<string, TechniqueUse> techniques)
    {
        var stages = new List<RecipeStage>();
        foreach (RecipeMap stage in map.Maps("stages"))
        {
            stages.Add(ReadStage(stage, techniques));
            if (stages.Count(s => s.Name == stages[^1].Name) > 1)
                throw stage.Error("name", $"two stages are named '{stages[^1].Name}'");
        }
        string[] unused = [.. techniques.Keys.Except(stages.SelectMany(s => s.Uses.Select(u => u.Name)))];
        if (unused.Length > 0)
            throw map.Error("techniques", $"no stage uses {string.Join(", ", unused)}");
        return stages;
    }

    private static RecipeStage ReadStage(RecipeMap map, Dictionary<string, TechniqueUse> techniques)
    {
        string name = map.Text("name");
        List<TechniqueUse> uses = [];
        if (map.Has("use"))
            foreach (string use in map.Texts("use"))
                uses.Add(
                    techniques.TryGetValue(use, out var t)
                        ? t
                        : throw map.Error(
                            "use",
                            $"'{use}' is no technique of this recipe; there are: {string.Join(", ", techniques.Keys)}"
                        )
                );
        var stage = new RecipeStage(name, uses, map.Integer("rounds", 1, 1000, 1), TrainingKeys.Read(map));
        map.EnsureAllKnown();
        if (stage.Training is null && uses.Find(u => u.Technique.NeedsTraining) is { } idle)
            throw map.Error(
                "use",
                $"'{idle.Name}' has an effect only while the network trains: give stage '{name}' 'epochs: 1' or more"
            );
        return uses.Count > 0 || stage.Training is not null
            ? stage
            : throw map.Error(null, $"stage '{name}' neither uses a technique nor trains");
    }
}
