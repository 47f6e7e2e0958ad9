using System.Reflection;
using Decant.Core;

namespace Decant.Recipes;

/// <summary>
/// The recipes that come with Decant. One name may have several forms, each for the network whose shapes it lists.
/// </summary>
public static class ShippedRecipes
{
    private const string Prefix = "recipes/";

    /// <summary>The names.</summary>
    public static IEnumerable<string> Names => All().Select(r => r.Name).Distinct().Order(StringComparer.Ordinal);

    /// <summary>Loads a recipe from a file, or a shipped one that fits a network.</summary>
    /// <param name="nameOrPath">A path ending in .yaml or .yml, or a name in <see cref="Names"/>.</param>
    /// <param name="network">The network it is for.</param>
    /// <exception cref="DecantException">There is none, or none fits the network.</exception>
    public static Recipe Load(string nameOrPath, Network network)
    {
        if (Path.GetExtension(nameOrPath) is ".yaml" or ".yml")
            return LoadFile(nameOrPath, network);
        Recipe[] named = [.. All().Where(r => r.Name == nameOrPath)];
        if (named.Length == 0)
            throw new DecantException(
                $"there is no recipe '{nameOrPath}'; shipped are {string.Join(", ", Names)}; a file of "
                    + "your own ends in .yaml"
            );
        return named.FirstOrDefault(r => Misfit(r, network) is null)
            ?? throw new DecantException(
                $"recipe '{nameOrPath}' does not fit this network: "
                    + $"{string.Join("; ", named.Select(r => Misfit(r, network)))}"
            );
    }

    /// <summary>The shipped recipe of a name that fits a network; null if there is none.</summary>
    public static Recipe? Find(string name, Network network) =>
        All().FirstOrDefault(r => r.Name == name && Misfit(r, network) is null);

    private static Recipe LoadFile(string path, Network network)
    {
        if (!File.Exists(path))
            throw new DecantException($"there is no recipe file {path}");
        Recipe recipe = RecipeReader.Read(File.ReadAllText(path), path);
        return Misfit(recipe, network) is { } why
            ? throw new DecantException($"{path} does not fit this network: {why}")
            : recipe;
    }

    /// <summary>Why a recipe does not fit a network; null if it does.</summary>
    private static string? Misfit(Recipe recipe, Network network)
    {
        foreach (var (name, shape) in recipe.Shapes)
            if (!network.Weights.TryGet(name, out var w) || w.Encoding.Shape.ToString() != shape.Replace('x', '×'))
                return $"it needs a weight '{name}' of {shape}";
        return null;
    }

    private static IEnumerable<Recipe> All()
    {
        Assembly assembly = typeof(ShippedRecipes).Assembly;
        foreach (
            string name in assembly
                .GetManifestResourceNames()
                .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        )
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return RecipeReader.Read(reader.ReadToEnd(), name);
        }
    }
}
