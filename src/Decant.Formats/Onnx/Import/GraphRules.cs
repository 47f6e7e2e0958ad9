using Decant.Core;
using Decant.Formats.Onnx.Messages;

namespace Decant.Formats.Onnx.Import;

/// <summary>What a graph must be before it is rewritten: every value made once, and before it is read.</summary>
internal static class GraphRules
{
    /// <summary>Checks a graph.</summary>
    /// <returns>The names of all values.</returns>
    /// <exception cref="ModelException">A name is made twice, or read before it is made.</exception>
    public static HashSet<string> Check(OnnxGraph graph)
    {
        var made = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, _) in graph.Initializers)
            if (!made.Add(name)) throw new ModelException($"initializer '{name}' is given twice");
        var inputs = new HashSet<string>(StringComparer.Ordinal);
        foreach (GraphValue input in graph.Inputs)
            if (!inputs.Add(input.Name)) throw new ModelException($"input '{input.Name}' is given twice");
        made.UnionWith(inputs);
        foreach (GraphNode node in graph.Nodes) Check(node, made);
        foreach (GraphValue output in graph.Outputs)
            if (!made.Contains(output.Name)) throw new ModelException($"output '{output.Name}' is made by no node");
        return made;
    }

    private static void Check(GraphNode node, HashSet<string> made)
    {
        foreach (string name in node.Inputs)
            if (name.Length > 0 && !made.Contains(name)) throw node.Error($"reads '{name}', which nothing before it makes");
        foreach (string name in node.Outputs)
            if (name.Length > 0 && !made.Add(name)) throw node.Error($"makes '{name}', which is made already");
    }
}
