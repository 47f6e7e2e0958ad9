using System.Globalization;
using System.Text;
using Decant.Techniques;
using Decant.Training;

namespace Decant.Pipelines;

/// <summary>Writes pipelines as recipes, a line for each technique and stage.</summary>
internal static class PipelineWriter
{
    /// <summary>The recipe of a valid pipeline.</summary>
    public static string Write(Pipeline pipeline)
    {
        var text = new StringBuilder();
        Line(text, "recipe", YamlText.Scalar(pipeline.Name));
        if (pipeline.Description.Length > 0)
            Line(text, "description", YamlText.Scalar(pipeline.Description));
        if (pipeline.Shapes.Count > 0)
            Line(text, "network", YamlText.Map(pipeline.Shapes.Select(s => (s.Weight, s.Shape.ToString()))));
        if (pipeline.Preprocessing is { } preprocessing)
            Line(text, "preprocessing", YamlText.Map(preprocessing));
        if (pipeline.HoldOut > 0)
            Line(text, "hold-out", pipeline.HoldOut.ToString(CultureInfo.InvariantCulture));
        TechniqueUse[] uses = [.. pipeline.Uses.DistinctBy(u => u.Name, StringComparer.Ordinal)];
        if (uses.Length > 0)
            text.Append("techniques:\n");
        foreach (TechniqueUse use in uses)
            text.Append("  ").Append(YamlText.Scalar(use.Name)).Append(": ").Append(Map(EntriesOf(use))).Append('\n');
        text.Append(pipeline.Stages.Count > 0 ? "stages:\n" : "stages: []\n");
        foreach (PipelineStage stage in pipeline.Stages)
            text.Append("  - ").Append(Map(EntriesOf(stage))).Append('\n');
        return text.ToString();
    }

    private static void Line(StringBuilder text, string key, string value) =>
        text.Append(key).Append(": ").Append(value).Append('\n');

    private static IEnumerable<OptionEntry> EntriesOf(TechniqueUse use)
    {
        yield return new OptionEntry("technique") { Text = use.Technique.Name };
        if (use.Weights.Count > 0)
            yield return new OptionEntry("weights") { Items = use.Weights };
        foreach (OptionEntry entry in OptionSchema.Of(use.Technique.Options.GetType()).Write(use.Technique.Options))
            yield return entry;
    }

    private static IEnumerable<OptionEntry> EntriesOf(PipelineStage stage)
    {
        yield return new OptionEntry("name") { Text = stage.Name };
        if (stage.Uses.Count > 0)
            yield return new OptionEntry("use") { Items = [.. stage.Uses.Select(u => u.Name)] };
        if (stage.Rounds != 1)
            yield return new OptionEntry("rounds") { Text = stage.Rounds.ToString(CultureInfo.InvariantCulture) };
        if (stage.Training is not { } training)
            yield break;
        // A stage without epochs does not train, so they are written even where they are the usual ones.
        yield return new OptionEntry("epochs") { Text = training.Epochs.ToString(CultureInfo.InvariantCulture) };
        foreach (OptionEntry entry in OptionSchema.Of(typeof(TrainingOptions)).Write(training))
            if (entry.Key != "epochs")
                yield return entry;
    }

    private static string Map(IEnumerable<OptionEntry> entries) =>
        $"{{{string.Join(", ", entries.Select(e => $"{YamlText.Scalar(e.Key)}: {Value(e)}"))}}}";

    private static string Value(OptionEntry entry)
    {
        if (entry.Entries is { } inside)
            return Map(inside);
        return entry.Items is { } items
            ? $"[{string.Join(", ", items.Select(YamlText.Scalar))}]"
            : YamlText.Scalar(entry.Text!);
    }
}
