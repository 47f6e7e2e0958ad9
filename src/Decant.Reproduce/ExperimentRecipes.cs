using Decant.Pipelines;

namespace Decant.Reproduce;

/// <summary>The recipes of papers that only experiments use.</summary>
public static class ExperimentRecipes
{
    /// <summary>All of them, by name.</summary>
    public static EmbeddedRecipes All { get; } = new(typeof(ExperimentRecipes).Assembly);
}
