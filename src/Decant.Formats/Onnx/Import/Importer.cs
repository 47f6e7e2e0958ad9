using System.Collections.Immutable;
using Decant.Core;
using Decant.Formats.Onnx.Import.Folding;
using Decant.Formats.Onnx.Import.Upgrades;
using Decant.Formats.Onnx.Messages;

namespace Decant.Formats.Onnx.Import;

/// <summary>Turns a graph as its file states it into a network in canonical form, in one pass over its nodes.</summary>
internal sealed class Importer
{
    private const int FirstOpset = 1,
        LastOpset = 27;

    private readonly OnnxModel model;
    private readonly OnnxGraph graph;
    private readonly Values values;
    private readonly UpgradeContext upgrades;
    private readonly HashSet<string> read = new(StringComparer.Ordinal);
    private readonly List<GraphNode> nodes = [];

    private Importer(OnnxModel model)
    {
        (this.model, graph) = (model, model.Graph!);
        values = new Values(GraphRules.Check(graph));
        upgrades = new UpgradeContext(values);
        foreach (GraphNode node in graph.Nodes)
            read.UnionWith(node.Inputs);
        read.UnionWith(graph.Outputs.Select(o => o.Name));
    }

    /// <summary>Brings a model to canonical form.</summary>
    /// <exception cref="ModelException">It is not well formed, or uses what is not supported; the node is
    /// named.</exception>
    public static Network Import(OnnxModel model)
    {
        if (model.Opset is < FirstOpset or > LastOpset)
            throw new ModelException($"the model uses opset {model.Opset}; supported are {FirstOpset} to {LastOpset}");
        var importer = new Importer(model);
        ImmutableArray<ValueInfo> inputs = importer.TakeValues();
        foreach (GraphNode node in importer.graph.Nodes)
            importer.Take(node);
        return GraphAssembler.Build(model, inputs, importer.nodes, importer.values);
    }

    /// <summary>
    /// Takes initializers and inputs; an input that is an initializer too, as old files have them, is a weight.
    /// </summary>
    private ImmutableArray<ValueInfo> TakeValues()
    {
        foreach (var (name, tensor) in graph.Initializers)
            values.Add(name, tensor);
        var inputs = ImmutableArray.CreateBuilder<ValueInfo>();
        foreach (GraphValue input in graph.Inputs)
        {
            if (values.IsConstant(input.Name))
                continue;
            if (input.Type == ElementType.Unknown)
                throw new ModelException($"input '{input.Name}' states no element type");
            values.SetType(input.Name, input.Type, values.Symbols.Extents(input));
            inputs.Add(new ValueInfo(input.Name, new TensorType(input.Type, input.Shape)));
        }
        return inputs.ToImmutable();
    }

    private void Take(GraphNode node)
    {
        node = NoOperation.WithoutUnread(node, read) with { Inputs = [.. node.Inputs.Select(values.Resolve)] };
        try
        {
            foreach (GraphNode upgraded in Upgrades.OperatorUpgrades.Apply(node, model.Opset, upgrades))
                TakeCanonical(upgraded);
        }
        catch (ModelException e)
        {
            throw new ModelException(
                e.Message.StartsWith(node.ToString(), StringComparison.Ordinal) ? e.Message : $"{node}: {e.Message}",
                e
            );
        }
        catch (OverflowException e)
        {
            throw new ModelException($"{node}: an extent of its output does not fit 32 bits", e);
        }
    }

    private void TakeCanonical(GraphNode node)
    {
        if (NoOperation.Passes(node, values))
        {
            values.Alias(node.Outputs[0], node.Inputs[0]);
            return;
        }
        PartialTensor? folded = Fold(node);
        if (values.IsConstant(node.Outputs.FirstOrDefault("")))
            return;
        node = ParameterSettling.Settle(node, values);
        nodes.Add(node);
        if (folded is null)
            TypeInference.Infer(node, values);
    }

    /// <summary>
    /// Finds what is constant about a node's output; what is found in part is returned, to keep its node until it is
    /// settled.
    /// </summary>
    private PartialTensor? Fold(GraphNode node)
    {
        if (node.Outputs.Length != 1)
            return null;
        if (node.Type == "Constant")
            values.Add(node.Outputs[0], ConstantNode.Value(node));
        if (node.Type == "Constant" || values.IsSpent)
            return null;
        var context = new FoldContext(node, values);
        if (Views.OfConstant(context) is { } view)
        {
            values.Add(node.Outputs[0], view);
            return null;
        }
        PartialTensor? folded = FoldRules.Fold(context);
        if (folded is not null)
            values.Add(node.Outputs[0], folded);
        return folded;
    }
}

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
            if (!made.Add(name))
                throw new ModelException($"initializer '{name}' is given twice");
        var inputs = new HashSet<string>(StringComparer.Ordinal);
        foreach (GraphValue input in graph.Inputs)
            if (!inputs.Add(input.Name))
                throw new ModelException($"input '{input.Name}' is given twice");
        made.UnionWith(inputs);
        foreach (GraphNode node in graph.Nodes)
            Check(node, made);
        foreach (GraphValue output in graph.Outputs)
            if (!made.Contains(output.Name))
                throw new ModelException($"output '{output.Name}' is made by no node");
        return made;
    }

    private static void Check(GraphNode node, HashSet<string> made)
    {
        foreach (string name in node.Inputs)
            if (name.Length > 0 && !made.Contains(name))
                throw node.Error($"reads '{name}', which nothing before it makes");
        foreach (string name in node.Outputs)
            if (name.Length > 0 && !made.Add(name))
                throw node.Error($"makes '{name}', which is made already");
    }
}
