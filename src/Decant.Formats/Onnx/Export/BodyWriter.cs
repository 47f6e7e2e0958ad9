using Decant.Core;
using Decant.Core.Operators;
using Decant.Formats.Onnx.Messages;
using Decant.Formats.Onnx.Wire;

namespace Decant.Formats.Onnx.Export;

/// <summary>
/// Writes nodes, and the bodies that they run as GraphProtos. There a captured value has the name that it has around
/// the node, and every other a name that nothing else in the model has.
/// </summary>
internal sealed class BodyWriter(Network network)
{
    private readonly Dictionary<string, string> unchanged = new(StringComparer.Ordinal);
    private readonly UniqueNames nodes = new([]);
    private readonly UniqueNames values = new(
        network
            .Inputs.Select(i => i.Name)
            .Concat(network.Weights.Select(w => w.Name))
            .Concat(network.Nodes.SelectMany(n => n.Outputs))
    );

    /// <summary>A NodeProto.</summary>
    public WireWriter Node(Node node) => Node(node, unchanged);

    private WireWriter Node(Node node, Dictionary<string, string> names)
    {
        string[] inputs = [.. node.Inputs.Select(i => names.GetValueOrDefault(i, i))];
        var flow = node.Operator as ControlFlowOperator;
        int own = flow?.OwnInputs ?? inputs.Length;
        WireWriter to = GraphWriter.Node(
            nodes.Next(node.Name),
            node.Operator.Type,
            inputs.Take(own),
            node.Outputs.Select(o => names.GetValueOrDefault(o, o))
        );
        foreach (var (attribute, value) in node.Operator.Attributes)
            if (value is Network body)
                to.Message(
                    NodeMessage.Attribute,
                    AttributeWriter.Graph(attribute, Body(body, attribute, inputs.AsSpan(own)))
                );
            else if (flow is null || attribute != ControlFlowOperator.CapturedName)
                to.Message(NodeMessage.Attribute, AttributeWriter.Write(attribute, value));
        return to;
    }

    private WireWriter Body(Network body, string name, ReadOnlySpan<string> captured)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        int own = body.Inputs.Length - captured.Length;
        for (int i = 0; i < body.Inputs.Length; i++)
            names[body.Inputs[i].Name] = i < own ? values.Next(body.Inputs[i].Name) : captured[i - own];
        var made = new HashSet<string>(StringComparer.Ordinal);
        foreach (string output in body.Nodes.SelectMany(n => n.Outputs).Where(o => o.Length > 0))
            made.Add(names[output] = values.Next(output));
        var graph = new WireWriter();
        foreach (Node node in body.Nodes)
            graph.Message(GraphMessage.Node, Node(node, names));
        // Each output of a graph is made by one of its nodes, and no other output is the same.
        var outputs = new List<ValueInfo>();
        foreach (ValueInfo output in body.Outputs)
        {
            string value = names[output.Name];
            if (!made.Remove(value))
            {
                string copy = values.Next(output.Name);
                graph.Message(GraphMessage.Node, GraphWriter.Node(nodes.Next(copy), "Identity", [value], [copy]));
                value = copy;
            }
            outputs.Add(output with { Name = value });
        }
        graph.Text(GraphMessage.Name, body.Name.Length > 0 ? body.Name : name);
        for (int i = 0; i < own; i++)
            graph.Message(
                GraphMessage.Input,
                GraphWriter.Value(body.Inputs[i] with { Name = names[body.Inputs[i].Name] })
            );
        foreach (ValueInfo output in outputs)
            graph.Message(GraphMessage.Output, GraphWriter.Value(output));
        return graph;
    }
}
