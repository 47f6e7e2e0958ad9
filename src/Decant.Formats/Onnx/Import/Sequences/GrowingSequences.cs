using System.Collections.Immutable;
using Decant.Core;
using Decant.Formats.Onnx.Import.Upgrades;
using Decant.Formats.Onnx.Messages;

namespace Decant.Formats.Onnx.Import.Sequences;

/// <summary>
/// Sequences that a Loop carries and only appends to: what an iteration appends is a scan output, which stacks what all
/// of them append.
/// </summary>
internal sealed class GrowingSequences
{
    private const int MostAppended = 256;

    private readonly SequenceOperators sequences;
    private readonly Values values;
    private readonly List<Grown> grown = [];

    private GrowingSequences(SequenceOperators sequences, Values values) =>
        (this.sequences, this.values) = (sequences, values);

    /// <summary>A sequence that the loop makes.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Before">What it was before.</param>
    /// <param name="Appended">For each value that an iteration appends, all of them, stacked.</param>
    private sealed record Grown(string Name, TensorSequence Before, ImmutableArray<string> Appended);

    /// <summary>A Loop without the sequences that it carries; itself if it carries none.</summary>
    /// <param name="node">The node.</param>
    /// <param name="sequences">What sequences there are.</param>
    /// <param name="context">What is known of values.</param>
    /// <param name="after">Makes the sequences that the loop made, after it ran, and the nodes they need.</param>
    /// <exception cref="ModelException">It does more with a sequence than to append.</exception>
    public static GraphNode Removed(
        GraphNode node,
        SequenceOperators sequences,
        UpgradeContext context,
        out Func<IReadOnlyList<GraphNode>> after
    )
    {
        after = () => [];
        if (node.Type != "Loop" || !node.Inputs.Any(i => sequences.Of(i) is not null))
            return node;
        var growing = new GrowingSequences(sequences, context.Values);
        after = () => growing.Made(node, context);
        return growing.Removed(node);
    }

    private GraphNode Removed(GraphNode node)
    {
        sequences.EnsureTensors(node.Inputs.Take(2), "input");
        if (!node.Graphs.TryGetValue("body", out OnnxGraph? stated))
            return node;
        int carried = node.Inputs.Length - 2;
        if (stated.Inputs.Count != 2 + carried || stated.Outputs.Count < 1 + carried)
            throw new ModelException(
                $"its body has {stated.Inputs.Count} inputs and {stated.Outputs.Count} outputs; {2 + carried} and "
                    + $"{1 + carried} outputs are expected"
            );
        OnnxGraph body = Copy(stated);
        for (int i = carried - 1; i >= 0; i--)
            if (sequences.Of(node.Inputs[2 + i]) is { } before)
                (node, body) = Without(node, body, i, before);
        return node with { Graphs = node.Graphs.SetItem("body", body) };
    }

    private (GraphNode Node, OnnxGraph Body) Without(GraphNode node, OnnxGraph body, int carried, TensorSequence before)
    {
        string first = body.Inputs[2 + carried].Name,
            last = body.Outputs[1 + carried].Name,
            made = carried < node.Outputs.Length ? node.Outputs[carried] : "";
        body.Inputs.RemoveAt(2 + carried);
        body.Outputs.RemoveAt(1 + carried);
        ImmutableArray<string> outputs = carried < node.Outputs.Length ? node.Outputs.RemoveAt(carried) : node.Outputs;
        if (first == last)
            body = Bound(body, first, node.Inputs[2 + carried]);
        ImmutableArray<string> appended = first == last ? [] : Taken(body, first, last),
            stacks = [.. appended.Select(_ => values.UniqueName($"{node.Name}.appended"))];
        // Scan outputs that nobody reads keep their places.
        while (stacks.Length > 0 && outputs.Length < body.Outputs.Count - 1)
            outputs = outputs.Add("");
        body.Outputs.AddRange(appended.Select(a => new GraphValue(a, ElementType.Unknown, null, [])));
        if (made.Length > 0)
            grown.Add(new Grown(made, before, stacks));
        return (node with { Inputs = node.Inputs.RemoveAt(2 + carried), Outputs = outputs.AddRange(stacks) }, body);
    }

    /// <summary>The graph with a sequence, which stays as it is, read from around it.</summary>
    private OnnxGraph Bound(OnnxGraph body, string name, string outer)
    {
        string unique = values.UniqueName(outer);
        values.Alias(unique, outer);
        OnnxGraph bound = Copy(body);
        bound.Nodes.Clear();
        foreach (GraphNode node in body.Nodes)
        {
            if (node.Graphs.Values.Any(g => NamesRead.FromAround(g).Contains(name)))
                throw node.Error($"its graph reads sequence '{name}', which a loop carries");
            bound.Nodes.Add(node with { Inputs = [.. node.Inputs.Select(i => i == name ? unique : i)] });
        }
        return bound;
    }

    /// <summary>Removes the nodes that append from one sequence to another, and names what they append.</summary>
    private static ImmutableArray<string> Taken(OnnxGraph body, string first, string last)
    {
        var appended = new Stack<string>();
        EnsureUnread(body, last);
        for (string at = last; at != first; )
        {
            GraphNode? maker = body.Nodes.Find(n => n.Outputs.Contains(at, StringComparer.Ordinal));
            bool appends = maker is { Domain: "", Type: "SequenceInsert", Inputs.Length: 2 };
            if (maker is null || !appends && maker is not { Domain: "", Type: "Identity", Inputs.Length: 1 })
                throw new ModelException(
                    $"its body makes sequence '{last}' of '{first}' other than by SequenceInsert at the end, which is "
                        + "not supported"
                );
            if (appended.Count == MostAppended)
                throw new ModelException($"its body appends more than {MostAppended} elements to sequence '{first}'");
            if (appends)
                appended.Push(maker.Inputs[1]);
            body.Nodes.Remove(maker);
            at = maker.Inputs[0];
            EnsureUnread(body, at);
        }
        return [.. appended];
    }

    private static void EnsureUnread(OnnxGraph body, string sequence)
    {
        if (body.Nodes.Any(n => NamesRead.By(n).Contains(sequence)) || body.Outputs.Any(o => o.Name == sequence))
            throw new ModelException($"its body reads sequence '{sequence}' while it grows, which is not supported");
    }

    private IReadOnlyList<GraphNode> Made(GraphNode node, UpgradeContext context)
    {
        var l = new Lowering(node, context);
        foreach (Grown sequence in grown)
            sequences.Set(sequence.Name, Joined(l, sequence));
        return l.Nodes;
    }

    private static TensorSequence Joined(Lowering l, Grown sequence)
    {
        if (sequence.Appended.Length == 0)
            return sequence.Before;
        string stack = sequence.Appended[0];
        if (sequence.Appended.Length > 1)
        {
            // What one iteration appends lies together.
            string pairs = l.Joined(1, [.. sequence.Appended.Select(a => l.Widened(a, 1))]);
            stack = l.Make(
                "Reshape",
                pairs,
                l.Joined(0, l.Numbers("all", -1), l.Part(l.Make("Shape", pairs), 2, long.MaxValue))
            );
        }
        bool wasEmpty = sequence.Before is ListedSequence { Elements.Length: 0 };
        return new StackedSequence(
            wasEmpty ? stack : l.Joined(0, SequenceOperators.Stacked(l, sequence.Before), stack)
        );
    }

    private static OnnxGraph Copy(OnnxGraph graph)
    {
        var copy = new OnnxGraph { Name = graph.Name };
        copy.Nodes.AddRange(graph.Nodes);
        copy.Inputs.AddRange(graph.Inputs);
        copy.Outputs.AddRange(graph.Outputs);
        copy.Initializers.AddRange(graph.Initializers);
        return copy;
    }
}
