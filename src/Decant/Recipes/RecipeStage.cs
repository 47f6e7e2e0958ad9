using Decant.Training;

namespace Decant.Recipes;

/// <summary>One stage: in each round its techniques are applied and the network is trained.</summary>
/// <param name="Name">The stage's name, unique in the recipe.</param>
/// <param name="Uses">The techniques applied, in order; none in a stage that only trains.</param>
/// <param name="Rounds">How often; techniques with a ramp reach their target in the last round.</param>
/// <param name="Training">How each round trains; null if not at all.</param>
public sealed record RecipeStage(string Name, IReadOnlyList<TechniqueUse> Uses, int Rounds, TrainingOptions? Training);
