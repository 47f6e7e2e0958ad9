using Decant.Core;
using Decant.Formats.Onnx.Messages;

namespace Decant.Formats.Onnx.Import;

/// <summary>What names mean within a graph that a node runs: those that it makes itself have others outside.</summary>
/// <param name="around">The graph around it; null for the model's own.</param>
internal sealed class Scope(Scope? around)
{
    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);

    /// <summary>Gives a name that the graph makes one that the network has not yet.</summary>
    public string Make(string name, Values values) => name.Length == 0 ? name : names[name] = values.UniqueName(name);

    /// <summary>Makes a name of the graph mean a value outside; an empty one for what is left out.</summary>
    public void Bind(string name, string value) => names[name] = value;

    /// <summary>What a name that is read means.</summary>
    public string Resolve(string name) =>
        names.TryGetValue(name, out string? made) ? made : around?.Resolve(name) ?? name;
}

/// <summary>The branch of an If whose condition is known: its nodes take the If's place.</summary>
internal static class Branches
{
    /// <summary>The branch that runs; null for any node but an If, and where it is known only when it runs.</summary>
    /// <exception cref="ModelException">The branch does not fit the node.</exception>
    public static OnnxGraph? Taken(GraphNode node, Values values)
    {
        if (
            node.Type != "If"
            || !node.Graphs.TryGetValue(BodyDraft.Then, out OnnxGraph? then)
            || !node.Graphs.TryGetValue(BodyDraft.Else, out OnnxGraph? otherwise)
            || values.Constant(node.Input(0)) is not { Type: ElementType.Bool, Count: 1 } condition
        )
            return null;
        OnnxGraph branch = condition.Span<bool>()[0] ? then : otherwise;
        if (branch.Inputs.Count > 0 || branch.Outputs.Count != node.Outputs.Length)
            throw node.Error(
                $"its branch has {branch.Inputs.Count} inputs and {branch.Outputs.Count} outputs; none and "
                    + $"{node.Outputs.Length} are expected"
            );
        return branch;
    }
}
