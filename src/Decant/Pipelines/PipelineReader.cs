using System.Globalization;
using Decant.Core;
using Decant.Data;
using Decant.Techniques;
using Decant.Training;

namespace Decant.Pipelines;

/// <summary>Reads pipelines from recipes, strictly.</summary>
/// <param name="catalogue">The techniques that recipes can name.</param>
internal sealed class PipelineReader(TechniqueCatalogue catalogue)
{
    private const int MaxLength = 1 << 20;

    private static readonly string[] StageKeys = ["name", "use", "rounds"];

    /// <summary>Reads a recipe.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="file">What messages call it.</param>
    /// <exception cref="RecipeException">A key is unknown, a value wrong, or the YAML broken; the line is
    /// named.</exception>
    public Pipeline Read(string text, string file)
    {
        if (text.Length > MaxLength)
            throw new RecipeException(file, 1, $"the recipe is longer than {MaxLength} characters");
        var map = new YamlMap(YamlText.Root(text, file, "a recipe"), file, "a recipe");
        var pipeline = new Pipeline
        {
            Name = map.Text("recipe"),
            Description = map.Text("description", ""),
            Preprocessing = map.Has("preprocessing") ? ReadPreprocessing(map) : null,
            HoldOut = map.Integer("hold-out", 0, PipelineRules.MostHeldOut, 0),
            Shapes = map.Map("network") is { } shapes ? ReadShapes(shapes) : [],
            Stages = ReadStages(map, ReadTechniques(map)),
        };
        map.EnsureAllKnown();
        return pipeline;
    }

    private static Preprocessing ReadPreprocessing(YamlMap map)
    {
        YamlMap p = map.Map("preprocessing")!;
        string text = string.Join(';', p.Keys.Select(k => $"{k}={p.Text(k)}"));
        try
        {
            return Preprocessing.Parse(text);
        }
        catch (DataException e)
        {
            throw map.Error("preprocessing", e.Message);
        }
    }

    private static ValueList<RequiredShape> ReadShapes(YamlMap map) =>
        [.. map.Keys.Select(name => new RequiredShape(name, ReadShape(map, name)))];

    private static Shape ReadShape(YamlMap map, string name)
    {
        string text = map.Text(name);
        string[] parts = text == "scalar" ? [] : text.Replace('x', '×').Split('×');
        var extents = new int[parts.Length];
        for (int i = 0; i < parts.Length; i++)
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out extents[i]))
                throw map.Error(name, $"'{name}: {text}' must be a shape such as 300×784");
        return new Shape(extents);
    }

    private Dictionary<string, TechniqueUse> ReadTechniques(YamlMap map)
    {
        var uses = new Dictionary<string, TechniqueUse>(StringComparer.Ordinal);
        if (map.Map("techniques") is { } techniques)
            foreach (string name in techniques.Keys)
                uses[name] = ReadTechnique(name, techniques.Map(name)!);
        return uses;
    }

    private TechniqueUse ReadTechnique(string name, YamlMap map)
    {
        string technique = map.Text("technique");
        ValueList<string> patterns = map.Has("weights") ? [.. map.Texts("weights")] : [];
        var source = new YamlOptions(map, "option of this technique", $"technique '{name}': ", "technique");
        return new TechniqueUse(name, catalogue.Read(technique, source, "weights")) { Weights = patterns };
    }

    private static ValueList<PipelineStage> ReadStages(YamlMap map, Dictionary<string, TechniqueUse> techniques)
    {
        var stages = new List<PipelineStage>();
        foreach (YamlMap stage in map.Maps("stages"))
        {
            stages.Add(ReadStage(stage, techniques));
            if (stages.Count(s => s.Name == stages[^1].Name) > 1)
                throw stage.Error("name", $"two stages are named '{stages[^1].Name}'");
        }
        string[] unused =
        [
            .. techniques.Keys.Except(stages.SelectMany(s => s.Uses.Select(u => u.Name)), StringComparer.Ordinal),
        ];
        if (unused.Length > 0)
            throw map.Error("techniques", $"no stage uses {string.Join(", ", unused)}");
        return [.. stages];
    }

    private static PipelineStage ReadStage(YamlMap map, Dictionary<string, TechniqueUse> techniques)
    {
        var stage = new PipelineStage
        {
            Name = map.Text("name"),
            Uses = map.Has("use") ? [.. map.Texts("use").Select(u => Find(map, techniques, u))] : [],
            Rounds = map.Integer("rounds", 1, PipelineRules.MostRounds, 1),
            Training = ReadTraining(map),
        };
        try
        {
            PipelineRules.CheckParts(stage);
        }
        catch (OptionsException e)
        {
            throw map.Error(e.Option, e.Message);
        }
        return stage;
    }

    private static TechniqueUse Find(YamlMap map, Dictionary<string, TechniqueUse> techniques, string name) =>
        techniques.TryGetValue(name, out TechniqueUse? use)
            ? use
            : throw map.Error(
                "use",
                $"'{name}' is no technique of this recipe; there are: {string.Join(", ", techniques.Keys)}"
            );

    private static TrainingOptions? ReadTraining(YamlMap map)
    {
        OptionSchema schema = OptionSchema.Of(typeof(TrainingOptions));
        if (map.Has("epochs") && map.Text("epochs") != "0")
            return (TrainingOptions)schema.Read(new YamlOptions(map, "key of an entry of 'stages'"), StageKeys);
        foreach (string key in map.Keys)
            if (schema.Keys.Contains(key, StringComparer.Ordinal) && key != "epochs")
                throw map.Error(key, $"'{key}' has no effect without 'epochs: 1' or more");
        foreach (string key in schema.Keys)
            map.Has(key);
        map.EnsureAllKnown();
        return null;
    }
}
