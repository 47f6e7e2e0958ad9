using System.Collections.Immutable;
using Decant.Core;
using Decant.Core.Operators;
using Decant.Formats.Onnx.Import.Folding;
using Decant.Formats.Onnx.Messages;

namespace Decant.Formats.Onnx.Import;

/// <summary>
/// A graph that a node runs, on its way to be a body: all that it reads from around it becomes an input.
/// </summary>
/// <param name="attribute">The attribute that holds it.</param>
/// <param name="graph">The graph.</param>
/// <param name="inputs">What it is given by the node.</param>
internal sealed class BodyDraft(string attribute, OnnxGraph graph, IReadOnlyList<BodyInput> inputs)
{
    public const string Then = "then_branch",
        Else = "else_branch";

    private const string Body = "body";

    private readonly List<GraphNode> live = [];

    public OnnxGraph Graph => graph;

    public IReadOnlyList<BodyInput> Inputs => inputs;

    /// <summary>The inputs' names in the network.</summary>
    public List<string> Names { get; } = [];

    /// <summary>Its nodes, in canonical form.</summary>
    public List<GraphNode> Nodes { get; } = [];

    /// <summary>The values in the network that its outputs are.</summary>
    public List<string> Outputs { get; } = [];

    /// <summary>The graphs that a node runs.</summary>
    /// <exception cref="ModelException">Its operator runs no such graphs, or they do not fit its inputs and
    /// outputs.</exception>
    public static IReadOnlyList<BodyDraft> Of(GraphNode node, long opset, Values values)
    {
        string[] needed = node switch
        {
            { Domain: "", Type: "If" } => [Then, Else],
            { Domain: "", Type: "Loop" } => [Body],
            { Domain: "", Type: "Scan" } => [Body],
            _ => [],
        };
        foreach (string name in node.Graphs.Keys.Order(StringComparer.Ordinal))
            if (!needed.Contains(name, StringComparer.Ordinal))
                throw node.Error($"attribute '{name}' is a graph; graphs are run by If, Loop and Scan");
        foreach (string name in needed)
            if (!node.Graphs.ContainsKey(name))
                throw node.Error($"attribute '{name}' is missing; it is the graph that the operator runs");
        if (node.Attributes.Has(ControlFlowOperator.CapturedName))
            throw node.Error($"attribute '{ControlFlowOperator.CapturedName}' is not known");
        return node.Type switch
        {
            "If" => [.. needed.Select(name => Checked(node, name, [], 0, 0))],
            "Loop" => [Loop(node, values)],
            _ => [Scan(node, opset, values)],
        };
    }

    /// <summary>The node as one of the network, its graphs as bodies.</summary>
    /// <exception cref="ModelException">Bodies do not fit their operator.</exception>
    public static GraphNode Finish(GraphNode node, IReadOnlyList<BodyDraft> drafts, Values values)
    {
        var captured = new List<string>();
        foreach (BodyDraft draft in drafts)
            draft.FindCaptured(captured);
        Attributes attributes = node.Attributes;
        foreach (BodyDraft draft in drafts)
            attributes = attributes.With(draft.Attribute, draft.ToNetwork(captured, values));
        var inputs = node.Inputs.ToList();
        if (node.Type == "Loop")
            while (inputs.Count < 2)
                inputs.Add("");
        if (node.Type != "If" && captured.Count > 0)
            attributes = attributes.With(ControlFlowOperator.CapturedName, (long)captured.Count);
        return node with { Attributes = attributes, Graphs = node.Graphs.Clear(), Inputs = [.. inputs, .. captured] };
    }

    private string Attribute => attribute;

    private static BodyDraft Loop(GraphNode node, Values values)
    {
        int carried = Math.Max(0, node.Inputs.Length - 2);
        var inputs = new List<BodyInput>
        {
            new(ElementType.Int64, []) { IsOne = true },
            new(ElementType.Bool, []) { IsOne = true },
        };
        for (int i = 0; i < carried; i++)
            inputs.Add(new BodyInput(values.Type(node.Inputs[2 + i]), null));
        return Checked(node, Body, inputs, 1 + carried, 1);
    }

    private static BodyDraft Scan(GraphNode node, long opset, Values values)
    {
        if (opset < 9)
            throw node.Error($"the Scan of opset {opset} is not supported; that of opset 9 and later is");
        long scanned = node.Attributes.Int("num_scan_inputs");
        int states = node.Inputs.Length - (int)Math.Clamp(scanned, 1, node.Inputs.Length);
        ImmutableArray<long> axes = node.Attributes.Ints("scan_input_axes");
        var inputs = new List<BodyInput>();
        for (int i = 0; i < node.Inputs.Length; i++)
        {
            Term[]? extents = values.Extents(node.Inputs[i]);
            if (i >= states && extents is not null)
            {
                long axis = i - states < axes.Length ? axes[i - states] : 0;
                axis = axis < 0 ? axis + extents.Length : axis;
                extents = axis >= 0 && axis < extents.Length ? [.. extents.Where((_, at) => at != axis)] : null;
            }
            inputs.Add(new BodyInput(values.Type(node.Inputs[i]), extents));
        }
        return Checked(node, Body, inputs, states, 0);
    }

    private static BodyDraft Checked(GraphNode node, string attribute, List<BodyInput> inputs, int least, int notMade)
    {
        OnnxGraph graph = node.Graphs[attribute];
        if (graph.Inputs.Count != inputs.Count || graph.Outputs.Count < Math.Max(least, node.Outputs.Length + notMade))
            throw node.Error(
                $"graph '{attribute}' has {graph.Inputs.Count} inputs and {graph.Outputs.Count} outputs; "
                    + $"{inputs.Count} inputs and {Math.Max(least, node.Outputs.Length + notMade)} outputs are expected"
            );
        return new BodyDraft(
            attribute,
            graph,
            [.. inputs.Select((input, i) => input with { Stated = graph.Inputs[i] })]
        );
    }

    private void FindCaptured(List<string> captured)
    {
        var needed = new HashSet<string>(Outputs, StringComparer.Ordinal);
        foreach (GraphNode node in Enumerable.Reverse(Nodes))
            if (node.Outputs.Any(o => o.Length > 0 && needed.Contains(o)))
            {
                live.Add(node);
                needed.UnionWith(node.Inputs);
            }
        live.Reverse();
        var known = new HashSet<string>(live.SelectMany(n => n.Outputs), StringComparer.Ordinal) { "" };
        known.UnionWith(captured);
        known.UnionWith(Names);
        foreach (string read in live.SelectMany(n => n.Inputs).Concat(Outputs))
            if (known.Add(read))
                captured.Add(read);
    }

    private Network ToNetwork(IReadOnlyList<string> captured, Values values)
    {
        var names = new UniqueNames([]);
        return new Network(
            graph.Name,
            [
                .. Names.Select((name, i) => new ValueInfo(name, inputs[i].Type)),
                .. captured.Select(name => new ValueInfo(name, new TensorType(values.Type(name), null))),
            ],
            [
                .. Outputs.Select(
                    (name, i) => new ValueInfo(name, new TensorType(values.Type(name), graph.Outputs[i].Shape))
                ),
            ],
            [.. live.Select(n => GraphAssembler.Node(n, names.Next(n.Name)))],
            []
        );
    }
}

/// <summary>What a node gives a graph that it runs.</summary>
/// <param name="Given">The element type that is known around it.</param>
/// <param name="Extents">The extents, where they are the same in every iteration; else null.</param>
internal sealed record BodyInput(ElementType Given, Term[]? Extents)
{
    /// <summary>The input as the graph states it.</summary>
    public GraphValue Stated { get; init; } = new("", ElementType.Unknown, null, []);

    /// <summary>Whether it is one element: a scalar, or along an axis if the graph says so.</summary>
    public bool IsOne { get; init; }

    /// <summary>
    /// The type that it must have: as the graph states it, half precision widened, or else as around it.
    /// </summary>
    public TensorType Type
    {
        get
        {
            ElementType type = Stated.Type is ElementType.Float16 ? ElementType.Float32 : Stated.Type;
            return new TensorType(type == ElementType.Unknown ? Given : type, Symbols.Open(Terms));
        }
    }

    private Term[]? Terms => IsOne && Stated.Shape is { Rank: 1 } ? [Term.Of(1)] : Extents;

    /// <summary>Gives it a name in the network.</summary>
    public string Take(Scope scope, Values values)
    {
        string name = scope.Make(Stated.Name, values);
        if (Type.Type != ElementType.Unknown)
            values.SetType(name, Type.Type, Terms);
        return name;
    }
}
