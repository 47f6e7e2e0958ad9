using System.Reflection;
using Decant.Core;

namespace Decant.Pipelines;

/// <summary>
/// The recipes embedded in an assembly as resources named <c>recipes/….yaml</c>. One name may have several forms,
/// each for the network whose shapes it lists.
/// </summary>
/// <param name="assembly">The assembly that holds them.</param>
public sealed class EmbeddedRecipes(Assembly assembly)
{
    private const string Prefix = "recipes/";

    /// <summary>The names.</summary>
    public IEnumerable<string> Names =>
        All().Select(r => r.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>Loads the recipe of a name that fits a network.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="network">The network it is for.</param>
    /// <exception cref="DecantException">There is none of that name, or none fits the network.</exception>
    public Pipeline Load(string name, Network network)
    {
        Pipeline[] named = [.. All().Where(r => r.Name == name)];
        if (named.Length == 0)
            throw new DecantException($"there is no recipe '{name}'; there are: {string.Join(", ", Names)}");
        return named.FirstOrDefault(r => Misfit(r, network) is null)
            ?? throw new DecantException(
                $"recipe '{name}' does not fit this network: "
                    + $"{string.Join("; ", named.Select(r => Misfit(r, network)))}"
            );
    }

    /// <summary>The recipe of a name that fits a network; null if there is none.</summary>
    public Pipeline? Find(string name, Network network) =>
        All().FirstOrDefault(r => r.Name == name && Misfit(r, network) is null);

    /// <summary>Why a recipe does not fit a network; null if it does.</summary>
    internal static string? Misfit(Pipeline pipeline, Network network)
    {
        foreach (var (name, shape) in pipeline.Shapes)
            if (!network.Weights.TryGet(name, out var w) || w.Encoding.Shape != shape)
                return $"it needs a weight '{name}' of {shape}";
        return null;
    }

    private IEnumerable<Pipeline> All()
    {
        foreach (
            string name in assembly
                .GetManifestResourceNames()
                .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        )
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return Pipeline.Parse(reader.ReadToEnd(), name);
        }
    }
}
