using System.Collections.Immutable;
using Decant.Core;
using Decant.Core.Operators;
using Decant.Formats.Onnx.Import.Composed;
using Decant.Formats.Onnx.Import.Folding;
using Decant.Formats.Onnx.Import.Microsoft;
using Decant.Formats.Onnx.Import.Sequences;
using Decant.Formats.Onnx.Import.Upgrades;
using Decant.Formats.Onnx.Messages;

namespace Decant.Formats.Onnx.Import;

/// <summary>Turns a graph as its file states it into a network in canonical form, in one pass over its nodes.</summary>
internal sealed class Importer
{
    private const int FirstOpset = 1,
        LastOpset = 27;

    private readonly FixedInputs given;
    private readonly OnnxGraph graph;
    private readonly Values values;
    private readonly UpgradeContext upgrades;
    private readonly SequenceOperators sequences;
    private readonly HashSet<string> read = new(StringComparer.Ordinal);
    private readonly Functions functions;
    private readonly List<GraphNode> outermost = [];
    private List<GraphNode> nodes;
    private long opset;
    private int depth,
        conditions;

    private Importer(OnnxModel model, FixedInputs given)
    {
        (this.given, graph, opset) = (given, model.Graph!, model.Opset);
        nodes = outermost;
        values = new Values(GraphRules.Check(graph, []));
        upgrades = new UpgradeContext(values);
        sequences = new SequenceOperators(values);
        functions = new Functions(model);
        NoteReads(graph);
        foreach (OnnxFunction function in model.Functions.Values)
            NoteReads(function.Graph);
    }

    /// <summary>Brings a model to canonical form.</summary>
    /// <exception cref="ModelException">It is not well formed, or uses what is not supported; the node is
    /// named.</exception>
    public static Network Import(OnnxModel model, OnnxReadOptions options)
    {
        if (model.Opset is < FirstOpset or > LastOpset)
            throw new ModelException($"the model uses opset {model.Opset}; supported are {FirstOpset} to {LastOpset}");
        var importer = new Importer(model, new FixedInputs(model.Graph!, options));
        ImmutableArray<ValueInfo> inputs = importer.TakeValues();
        importer.Take(importer.graph, null);
        foreach (GraphValue output in importer.graph.Outputs)
            importer.EnsureTensor("output", output, importer.values.Resolve(output.Name));
        return GraphAssembler.Build(model, inputs, importer.nodes, importer.values);
    }

    /// <summary>
    /// Takes initializers and inputs; an input that is an initializer too, as old files have them, is a weight.
    /// </summary>
    private ImmutableArray<ValueInfo> TakeValues()
    {
        foreach (var (name, tensor) in graph.Initializers)
            values.Add(name, HalfPrecision.Widened(tensor));
        var inputs = ImmutableArray.CreateBuilder<ValueInfo>();
        foreach (GraphValue stated in graph.Inputs)
        {
            if (values.IsConstant(stated.Name))
                continue;
            EnsureTensor("input", stated, stated.Name);
            if (stated.Type == ElementType.Unknown)
                throw new ModelException($"input '{stated.Name}' states no element type");
            GraphValue input = given.Sized(stated);
            if (given.Value(input) is { } value)
            {
                values.Add(input.Name, value);
                continue;
            }
            values.SetType(input.Name, input.Type, values.Symbols.Extents(input));
            inputs.Add(new ValueInfo(input.Name, new TensorType(input.Type, input.Shape)));
            if (input.Type == ElementType.Float16)
                Widen(input);
        }
        return inputs.ToImmutable();
    }

    /// <summary>Checks that an input or output of a graph is a tensor.</summary>
    private void EnsureTensor(string kind, GraphValue stated, string value)
    {
        if (!stated.IsTensor || !sequences.IsTensor(value))
            throw new ModelException(
                $"{kind} '{stated.Name}' is a sequence, map or optional; only tensors can be given to a "
                    + "graph and be what it makes"
            );
    }

    private void Widen(GraphValue input)
    {
        string floats = values.UniqueName($"{input.Name}.float");
        var to = new Attributes(("to", (long)ElementType.Float32));
        nodes.Add(new GraphNode(floats, "Cast", [input.Name], [floats], to));
        values.SetType(floats, ElementType.Float32, values.Extents(input.Name));
        values.Alias(input.Name, floats);
    }

    private void NoteReads(OnnxGraph from)
    {
        foreach (GraphNode node in from.Nodes)
        {
            read.UnionWith(node.Inputs);
            foreach (OnnxGraph inner in node.Graphs.Values)
                NoteReads(inner);
        }
        read.UnionWith(from.Outputs.Select(o => o.Name));
    }

    private void Take(OnnxGraph from, Scope? scope)
    {
        foreach (GraphNode node in GraphOrder.Of(from.Nodes))
            Take(node, scope);
    }

    private void TakeBranch(GraphNode node, OnnxGraph branch, Scope? around)
    {
        var scope = new Scope(around);
        foreach (var (name, tensor) in branch.Initializers)
            values.Add(scope.Make(name, values), HalfPrecision.Widened(tensor));
        Take(branch, scope);
        for (int i = 0; i < node.Outputs.Length; i++)
            if (node.Outputs[i].Length > 0)
                values.Alias(node.Outputs[i], scope.Resolve(branch.Outputs[i].Name));
    }

    /// <summary>A node that runs graphs, which become bodies.</summary>
    private IEnumerable<GraphNode> WithBodies(GraphNode stated, Scope? around)
    {
        GraphNode node = GrowingSequences.Removed(stated, sequences, upgrades, out var makeSequences);
        sequences.EnsureTensors(node.Inputs, "input");
        if (++depth > ControlFlowOperator.MostDepth)
            throw node.Error($"graphs lie in each other more than {ControlFlowOperator.MostDepth} deep");
        IReadOnlyList<BodyDraft> drafts = BodyDraft.Of(node, opset, values);
        foreach (BodyDraft draft in drafts)
            TakeBody(draft, new Scope(around), node.Type == "If" ? 1 : 0);
        depth--;
        yield return BodyDraft.Finish(node, drafts, values);
        foreach (GraphNode after in makeSequences())
            yield return after;
    }

    private void TakeBody(BodyDraft draft, Scope scope, int conditional)
    {
        foreach (BodyInput input in draft.Inputs)
            EnsureTensor("input", input.Stated, "");
        foreach (BodyInput input in draft.Inputs)
            draft.Names.Add(input.Take(scope, values));
        foreach (var (name, tensor) in draft.Graph.Initializers)
            values.Add(scope.Make(name, values), HalfPrecision.Widened(tensor));
        List<GraphNode> around = nodes;
        nodes = draft.Nodes;
        conditions += conditional;
        Take(draft.Graph, scope);
        conditions -= conditional;
        nodes = around;
        foreach (GraphValue output in draft.Graph.Outputs)
        {
            string value = values.Resolve(scope.Resolve(output.Name));
            EnsureTensor("output", output, value);
            draft.Outputs.Add(value);
        }
    }

    private void TakeFunction(GraphNode node, OnnxFunction function)
    {
        long outer = opset;
        opset = function.Opset ?? outer;
        Scope scope = functions.Expand(node, function, Take);
        opset = outer;
        for (int i = 0; i < node.Outputs.Length; i++)
            if (node.Outputs[i].Length > 0)
                values.Alias(node.Outputs[i], scope.Resolve(function.Graph.Outputs[i].Name));
    }

    private IEnumerable<GraphNode> Canonical(GraphNode node)
    {
        foreach (string attribute in node.References.Keys)
            throw node.Error($"attribute '{attribute}' is one of a function, and the node is in none");
        if (sequences.Lowered(node, upgrades) is { } resolved)
            return resolved;
        return node.Domain switch
        {
            "" => Upgrades
                .OperatorUpgrades.Apply(node, opset, upgrades)
                .SelectMany(n => ComposedOperators.Lowered(n, upgrades)),
            MicrosoftOperators.Domain => MicrosoftOperators.Lowered(node, upgrades),
            _ => throw node.Error(
                $"operator '{node.Type}' of domain '{node.Domain}' is not supported; supported are those of the ONNX "
                    + $"standard, some of '{MicrosoftOperators.Domain}', and functions of the model's own"
            ),
        };
    }

    private void Take(GraphNode node, Scope? scope)
    {
        node = HalfPrecision.Widened(NoOperation.WithoutUnread(node, read));
        if (scope is not null)
            node = node with
            {
                Inputs = [.. node.Inputs.Select(scope.Resolve)],
                Outputs = [.. node.Outputs.Select(o => scope.Make(o, values))],
            };
        node = node with { Inputs = [.. node.Inputs.Select(values.Resolve)] };
        if (Branches.Taken(node, values) is { } branch)
        {
            TakeBranch(node, branch, scope);
            return;
        }
        if (functions.Of(node) is { } function)
        {
            TakeFunction(node, function);
            return;
        }
        try
        {
            foreach (GraphNode upgraded in node.Graphs.IsEmpty ? Canonical(node) : WithBodies(node, scope))
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
        // One before it, made of the same node, may have passed on what it read.
        node = node with { Inputs = [.. node.Inputs.Select(values.Resolve)] };
        if (NoOperation.Passes(node, values))
        {
            values.Alias(node.Outputs[0], node.Inputs[0]);
            return;
        }
        PartialTensor? folded = Fold(node);
        if (values.IsConstant(node.Outputs.FirstOrDefault("")))
            return;
        node = ParameterSettling.Settle(node, values);
        // What reads constants alone is computed once, not in every iteration.
        (node.Type == "DequantizeLinear" && node.Inputs.All(values.IsConstant) ? outermost : nodes).Add(node);
        if (folded is null)
            Infer(node);
    }

    private void Infer(GraphNode node)
    {
        try
        {
            TypeInference.Infer(node, values);
        }
        catch (ModelException) when (conditions > 0)
        {
            // A branch that does not fit the shapes may be one that is not taken; a run that takes it says so.
        }
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

/// <summary>What a graph must be before it is rewritten: every value made once, and made if it is read.</summary>
internal static class GraphRules
{
    /// <summary>Checks a graph, and those that its nodes run.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="around">Names that it may read from around it.</param>
    /// <returns>The names of all values.</returns>
    /// <exception cref="ModelException">A name is made twice, or read and not made.</exception>
    public static HashSet<string> Check(OnnxGraph graph, HashSet<string> around)
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
        foreach (string name in node.Outputs)
            if (name.Length > 0 && !made.Add(name))
                throw node.Error($"makes '{name}', which is made already");
        HashSet<string> seen = around.Count == 0 ? made : [.. around, .. made];
        foreach (GraphNode node in graph.Nodes)
            Check(node, seen);
        foreach (GraphValue output in graph.Outputs)
            if (!seen.Contains(output.Name))
                throw new ModelException($"output '{output.Name}' is made by no node");
        return made;
    }

    private static void Check(GraphNode node, HashSet<string> made)
    {
        foreach (string name in node.Inputs)
            if (name.Length > 0 && !made.Contains(name))
                throw node.Error($"reads '{name}', which nothing makes");
        foreach (OnnxGraph inner in node.Graphs.Values)
            Check(inner, made);
    }
}
