using System.Collections.Immutable;
using Decant.Core;
using Decant.Formats.Onnx.Messages;

namespace Decant.Formats.Onnx.Import;

/// <summary>A model's functions, whose nodes take the place of each node that names one.</summary>
internal sealed class Functions
{
    // Bounds what a small file can make of functions that call each other.
    private const int MostDepth = 64,
        MostNodes = 1 << 17;

    private readonly Dictionary<FunctionName, OnnxFunction> functions;
    private int depth,
        taken;

    /// <summary>Takes the functions of a model, and checks them.</summary>
    /// <exception cref="ModelException">A function is not well formed.</exception>
    public Functions(OnnxModel model)
    {
        functions = model.Functions;
        foreach (OnnxFunction function in functions.Values)
            try
            {
                GraphRules.Check(function.Graph, []);
            }
            catch (ModelException e)
            {
                throw new ModelException($"function '{function.Name}': {e.Message}", e);
            }
    }

    /// <summary>The function that a node names; null if it names none.</summary>
    public OnnxFunction? Of(GraphNode node) =>
        functions.GetValueOrDefault(new FunctionName(node.Domain, node.Type, node.Overload));

    /// <summary>Takes the nodes of a function for a node that names it.</summary>
    /// <param name="node">The node, with the network's names.</param>
    /// <param name="function">The function.</param>
    /// <param name="take">Takes a node of its body.</param>
    /// <returns>What its names mean.</returns>
    /// <exception cref="ModelException">The node gives too many inputs or outputs, or functions call each other
    /// without end.</exception>
    public Scope Expand(GraphNode node, OnnxFunction function, Action<GraphNode, Scope> take)
    {
        OnnxGraph body = function.Graph;
        if (node.Inputs.Length > body.Inputs.Count || node.Outputs.Length > body.Outputs.Count)
            throw node.Error(
                $"it has {node.Inputs.Length} inputs and {node.Outputs.Length} outputs; function '{function.Name}' "
                    + $"has {body.Inputs.Count} and {body.Outputs.Count}"
            );
        taken += body.Nodes.Count;
        if (depth == MostDepth || taken > MostNodes)
            throw node.Error($"function '{function.Name}' calls itself, or functions are nested too deep");
        var scope = new Scope(null);
        for (int i = 0; i < body.Inputs.Count; i++)
            scope.Bind(body.Inputs[i].Name, node.Input(i));
        depth++;
        foreach (GraphNode inner in GraphOrder.Of(body.Nodes))
            take(Filled(inner, node.Attributes, function.Defaults), scope);
        depth--;
        return scope;
    }

    /// <summary>
    /// A node of a body with the attributes that the call gives; those that nobody gives are left out.
    /// </summary>
    private static GraphNode Filled(GraphNode node, Attributes given, ImmutableDictionary<string, object> defaults)
    {
        Attributes attributes = node.Attributes;
        foreach (var (attribute, of) in node.References)
        {
            object? value = given.FirstOrDefault(a => a.Key == of).Value ?? defaults.GetValueOrDefault(of);
            if (value is not null)
                attributes = attributes.With(attribute, value);
        }
        return node with
        {
            Attributes = attributes,
            References = node.References.Clear(),
            Graphs = node.Graphs.ToImmutableDictionary(
                g => g.Key,
                g => Filled(g.Value, given, defaults),
                StringComparer.Ordinal
            ),
        };
    }

    private static OnnxGraph Filled(OnnxGraph graph, Attributes given, ImmutableDictionary<string, object> defaults)
    {
        var filled = new OnnxGraph { Name = graph.Name };
        filled.Inputs.AddRange(graph.Inputs);
        filled.Outputs.AddRange(graph.Outputs);
        filled.Initializers.AddRange(graph.Initializers);
        filled.Nodes.AddRange(graph.Nodes.Select(n => Filled(n, given, defaults)));
        return filled;
    }
}
