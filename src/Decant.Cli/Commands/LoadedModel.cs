using Decant.Core;
using Decant.Recipes;

namespace Decant.Cli.Commands;

/// <summary>A network until somebody takes it, who then holds it alone.</summary>
internal sealed class LoadedModel(string model, ulong seed, string? weights)
{
    private Network? network = Models.Load(model, seed, weights);

    /// <summary>The recipe of a name that fits it.</summary>
    public Recipe Recipe(string name) => ShippedRecipes.Load(name, network!);

    /// <summary>Hands the network over.</summary>
    public Network Take() => Interlocked.Exchange(ref network, null)!;
}
