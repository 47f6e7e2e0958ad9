using Decant.Core;
using Decant.Techniques;
using Decant.Training;

namespace Decant.Pipelines;

/// <summary>What a pipeline must keep to, made in code or read.</summary>
internal static class PipelineRules
{
    /// <summary>The most images that can be held out.</summary>
    public const int MostHeldOut = 1_000_000;

    /// <summary>The most rounds of a stage.</summary>
    public const int MostRounds = 1000;

    /// <summary>Checks a pipeline.</summary>
    /// <exception cref="PipelineException">Something is wrong.</exception>
    public static void Check(Pipeline pipeline)
    {
        if (pipeline.HoldOut is < 0 or > MostHeldOut)
            throw new PipelineException(
                $"hold-out of {pipeline.HoldOut} must be a whole number from 0 to {MostHeldOut}"
            );
        CheckPreprocessing(pipeline);
        CheckNames("weight", pipeline.Shapes.Select(s => s.Weight));
        CheckNames("stage", pipeline.Stages.Select(s => s.Name));
        CheckUses(pipeline);
        foreach (PipelineStage stage in pipeline.Stages)
            CheckStage(stage);
    }

    /// <summary>Checks a stage by itself.</summary>
    /// <exception cref="OptionsException">Something is wrong; the key of the stage is named.</exception>
    public static void CheckParts(PipelineStage stage)
    {
        if (stage.Rounds is < 1 or > MostRounds)
            throw new OptionsException(
                "rounds",
                $"'rounds: {stage.Rounds}' must be a whole number from 1 to {MostRounds}"
            );
        if (stage.Training is null && stage.Uses.FirstOrDefault(u => u.Technique.NeedsTraining) is { } idle)
            throw new OptionsException(
                "use",
                $"'{idle.Name}' has an effect only while the network trains: "
                    + $"give stage '{stage.Name}' 'epochs: 1' or more"
            );
        if (stage.Uses.Count == 0 && stage.Training is null)
            throw new OptionsException(null, $"stage '{stage.Name}' neither uses a technique nor trains");
        if (stage.Training is not { } training)
            return;
        OptionSchema.Of(typeof(TrainingOptions)).Check(training);
        if (training.Seed != new TrainingOptions().Seed || training.Task is not null || training.Torch is not null)
            throw new OptionsException(null, "a stage's seed, task and device come from the run: leave them out");
    }

    private static void CheckStage(PipelineStage stage)
    {
        try
        {
            CheckParts(stage);
        }
        catch (OptionsException e)
        {
            throw new PipelineException($"stage '{stage.Name}': {e.Message}");
        }
    }

    private static void CheckPreprocessing(Pipeline pipeline)
    {
        try
        {
            pipeline.Preprocessing?.Validated();
        }
        catch (DataException e)
        {
            throw new PipelineException(e.Message);
        }
    }

    private static void CheckUses(Pipeline pipeline)
    {
        var known = new Dictionary<string, TechniqueUse>(StringComparer.Ordinal);
        foreach (TechniqueUse use in pipeline.Uses)
            if (!known.TryAdd(use.Name, use) && !known[use.Name].Equals(use))
                throw new PipelineException($"two different techniques are named '{use.Name}'");
    }

    private static void CheckNames(string what, IEnumerable<string> names)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string name in names)
            if (!seen.Add(name))
                throw new PipelineException($"two {what}s are named '{name}'");
    }
}
