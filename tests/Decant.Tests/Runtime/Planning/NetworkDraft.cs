using Decant.Core;

namespace Decant.Tests.Runtime.Planning;

/// <summary>A network in the making: a node is kept if its operator's own shape rule takes its inputs.</summary>
internal sealed class NetworkDraft
{
    private readonly List<ValueInfo> inputs = [];
    private readonly List<Node> nodes = [];
    private readonly List<Weight> weights = [];
    private readonly Dictionary<string, TensorType> types = [];
    private readonly HashSet<string> read = [];
    private int names;

    /// <summary>Values that are fed or computed, in order.</summary>
    public List<string> Values { get; } = [];

    /// <summary>The shape of a value for a batch of one.</summary>
    public Shape Shape(string value) => types[value].Shape!.Value;

    public string Input(string name, Shape shape, bool openBatch = true)
    {
        inputs.Add(
            new ValueInfo(
                name,
                new TensorType(ElementType.Float32, openBatch ? shape.With(0, Core.Shape.Unknown) : shape)
            )
        );
        types[name] = new TensorType(ElementType.Float32, shape);
        if (openBatch)
            Values.Add(name);
        return name;
    }

    public string Weight(Tensor tensor) => Weight(new DenseEncoding(tensor));

    public string Weight(Encoding encoding)
    {
        string name = $"w{names++}";
        weights.Add(new Weight(name, encoding));
        types[name] = new TensorType(encoding.Type, encoding.Shape);
        return name;
    }

    /// <summary>Adds a node of one output and gives its name; null if its inputs do not fit it.</summary>
    public string? Add(string type, Attributes attributes, params string[] from) => Add(type, attributes, 1, from)?[0];

    /// <summary>Adds a node and gives its outputs' names; null if its inputs do not fit it.</summary>
    public string[]? Add(string type, Attributes attributes, int outputs, params string[] from)
    {
        string[] made = [.. Enumerable.Range(0, outputs).Select(_ => $"v{names++}")];
        var node = new Node($"{type} {made[0]}", OperatorCatalogue.Create(type, attributes), [.. from], [.. made]);
        try
        {
            var known = new OperatorInputs(
                [.. from.Select(f => f.Length == 0 ? null : types[f])],
                [.. from.Select(Constant)]
            );
            TensorType?[] inferred = [.. node.Operator.Infer(known).Take(outputs)];
            if (!Array.TrueForAll(inferred, t => t is { Shape: { IsKnown: true, Count: > 0 and <= 40_000 } }))
                return null;
            for (int i = 0; i < outputs; i++)
                types[made[i]] = inferred[i]!;
        }
        catch (ModelException)
        {
            return null;
        }
        nodes.Add(node);
        read.UnionWith(from);
        Values.AddRange(made);
        return made;
    }

    /// <summary>The network; what nobody reads comes out, and other values if they are chosen.</summary>
    public Network Build(Func<string, bool, bool> comesOut)
    {
        string[] outputs = [.. Values.Where(v => comesOut(v, !read.Contains(v)))];
        if (outputs.Length == 0)
            outputs = [Values[^1]];
        return new Network(
            "random",
            [.. inputs],
            [.. outputs.Select(o => new ValueInfo(o, new TensorType(types[o].Type, null)))],
            [.. nodes],
            weights
        );
    }

    private Tensor? Constant(string value) => weights.Find(w => w.Name == value)?.Encoding.Decode();
}
