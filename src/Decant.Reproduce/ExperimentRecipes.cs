using Decant.Pipelines;
using Decant.Training;

namespace Decant.Reproduce;

/// <summary>The recipes of papers that only experiments use.</summary>
public static class ExperimentRecipes
{
    /// <summary>All of them, by name.</summary>
    public static EmbeddedRecipes All { get; } = new(typeof(ExperimentRecipes).Assembly);

    /// <summary>Training in one stage, and nothing else.</summary>
    /// <param name="name">The pipeline's name.</param>
    /// <param name="training">How.</param>
    /// <param name="holdOut">Training images held out.</param>
    internal static Pipeline Training(string name, TrainingOptions training, int holdOut = 0) =>
        new()
        {
            Name = name,
            HoldOut = holdOut,
            Stages = [new PipelineStage { Name = "train", Training = training }],
        };
}
