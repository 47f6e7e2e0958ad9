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
    private const string Then = "then_branch",
        Else = "else_branch";

    /// <summary>The branch that runs; null for any node but an If.</summary>
    /// <exception cref="ModelException">The node runs graphs in another way, or which is not known.</exception>
    public static OnnxGraph? Taken(GraphNode node, Values values, IReadOnlyList<GraphNode> before)
    {
        if (node.Graphs.IsEmpty)
            return null;
        if (node.Type != "If" || !node.Graphs.ContainsKey(Then) || !node.Graphs.ContainsKey(Else))
            throw node.Error(
                $"attribute '{node.Graphs.Keys.Order(StringComparer.Ordinal).First()}' is a graph; only an If whose "
                    + "condition is known at import may have graphs"
            );
        if (values.Constant(node.Input(0)) is not { Type: ElementType.Bool, Count: 1 } condition)
            throw Unknown(node, Inputs(node.Input(0), values, before));
        OnnxGraph branch = node.Graphs[condition.Span<bool>()[0] ? Then : Else];
        if (branch.Inputs.Count > 0 || branch.Outputs.Count != node.Outputs.Length)
            throw node.Error(
                $"its branch has {branch.Inputs.Count} inputs and {branch.Outputs.Count} outputs; none and "
                    + $"{node.Outputs.Length} are expected"
            );
        return branch;
    }

    private static ModelException Unknown(GraphNode node, IEnumerable<string> inputs) =>
        node.Error(
            "which branch runs is not known at import: its condition depends on "
                + $"{string.Join(", ", inputs.Select(i => $"'{i}'"))}; give that a value, or its sizes"
        );

    /// <summary>What no node made of all that a value is made of: inputs of the network.</summary>
    private static IEnumerable<string> Inputs(string value, Values values, IReadOnlyList<GraphNode> nodes)
    {
        var needed = new HashSet<string>(StringComparer.Ordinal) { value };
        foreach (GraphNode node in nodes.Reverse())
            if (node.Outputs.Any(needed.Contains))
            {
                needed.ExceptWith(node.Outputs);
                needed.UnionWith(node.Inputs.Where(i => i.Length > 0));
            }
        return needed.Where(n => !values.IsConstant(n)).Order(StringComparer.Ordinal);
    }
}
