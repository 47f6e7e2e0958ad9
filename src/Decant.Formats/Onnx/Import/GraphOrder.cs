using Decant.Core;
using Decant.Formats.Onnx.Messages;

namespace Decant.Formats.Onnx.Import;

/// <summary>Nodes in an order in which they can run: as the file has them where that is one.</summary>
internal static class GraphOrder
{
    /// <summary>The nodes, each after those whose outputs it reads, and else in the file's order.</summary>
    /// <exception cref="ModelException">Nodes read each other in a circle; one is named.</exception>
    public static IReadOnlyList<GraphNode> Of(IReadOnlyList<GraphNode> nodes)
    {
        var makers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < nodes.Count; i++)
            foreach (string output in nodes[i].Outputs)
                if (output.Length > 0)
                    makers.TryAdd(output, i);
        var readers = new List<int>?[nodes.Count];
        var waits = new int[nodes.Count];
        for (int i = 0; i < nodes.Count; i++)
            foreach (string read in NamesRead.By(nodes[i]))
                if (makers.TryGetValue(read, out int maker))
                {
                    (readers[maker] ??= []).Add(i);
                    waits[i]++;
                }
        var ready = new PriorityQueue<int, int>();
        for (int i = 0; i < nodes.Count; i++)
            if (waits[i] == 0)
                ready.Enqueue(i, i);
        var ordered = new List<GraphNode>(nodes.Count);
        while (ready.TryDequeue(out int node, out _))
        {
            ordered.Add(nodes[node]);
            foreach (int reader in readers[node] ?? [])
                if (--waits[reader] == 0)
                    ready.Enqueue(reader, reader);
        }
        if (ordered.Count < nodes.Count)
            throw nodes[Array.FindIndex(waits, w => w > 0)]
                .Error("reads what is made of its own output: nodes read each other in a circle");
        return ordered;
    }
}

/// <summary>The names that a node reads: its inputs, and what its graphs read from around them.</summary>
internal static class NamesRead
{
    /// <summary>The names, each once.</summary>
    public static IReadOnlySet<string> By(GraphNode node)
    {
        var names = new HashSet<string>(node.Inputs.Where(i => i.Length > 0), StringComparer.Ordinal);
        foreach (OnnxGraph graph in node.Graphs.Values)
            names.UnionWith(FromAround(graph));
        return names;
    }

    /// <summary>What a graph reads from around it, each name once.</summary>
    public static HashSet<string> FromAround(OnnxGraph graph)
    {
        var read = new HashSet<string>(graph.Outputs.Select(o => o.Name), StringComparer.Ordinal);
        foreach (GraphNode node in graph.Nodes)
            read.UnionWith(By(node));
        read.ExceptWith(graph.Inputs.Select(i => i.Name));
        read.ExceptWith(graph.Initializers.Select(i => i.Name));
        read.ExceptWith(graph.Nodes.SelectMany(n => n.Outputs));
        return read;
    }
}
