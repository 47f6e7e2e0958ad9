using Decant.Core;

namespace Decant.Pipelines;

/// <summary>The recipes that come with Decant, and those in files.</summary>
public static class ShippedRecipes
{
    private static readonly EmbeddedRecipes Shipped = new(typeof(ShippedRecipes).Assembly);

    /// <summary>The names.</summary>
    public static IEnumerable<string> Names => Shipped.Names;

    /// <summary>Loads a recipe from a file, or a shipped one that fits a network.</summary>
    /// <param name="nameOrPath">A path ending in .yaml or .yml, or a name in <see cref="Names"/>.</param>
    /// <param name="network">The network it is for.</param>
    /// <exception cref="DecantException">There is none, or none fits the network.</exception>
    public static Pipeline Load(string nameOrPath, Network network)
    {
        if (Path.GetExtension(nameOrPath) is ".yaml" or ".yml")
            return LoadFile(nameOrPath, network);
        if (!Names.Contains(nameOrPath, StringComparer.Ordinal))
            throw new DecantException(
                $"there is no recipe '{nameOrPath}'; shipped are {string.Join(", ", Names)}; a file of "
                    + "your own ends in .yaml"
            );
        return Shipped.Load(nameOrPath, network);
    }

    /// <summary>The shipped recipe of a name that fits a network; null if there is none.</summary>
    public static Pipeline? Find(string name, Network network) => Shipped.Find(name, network);

    private static Pipeline LoadFile(string path, Network network)
    {
        Pipeline pipeline = Pipeline.Load(path);
        return EmbeddedRecipes.Misfit(pipeline, network) is { } why
            ? throw new DecantException($"{path} does not fit this network: {why}")
            : pipeline;
    }
}
