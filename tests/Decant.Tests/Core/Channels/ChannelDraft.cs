using Decant.Core;

namespace Decant.Tests.Channels;

/// <summary>A network in the making, whose nodes may have several outputs.</summary>
internal sealed class ChannelDraft
{
    private readonly List<ValueInfo> inputs = [];
    private readonly List<Node> nodes = [];
    private readonly List<Weight> weights = [];
    private readonly Dictionary<string, TensorType> types = [];

    /// <summary>The shape of a value for a batch of one.</summary>
    public Shape Shape(string value) => types[value].Shape!.Value;

    public string Input(string name, params int[] dims)
    {
        inputs.Add(
            new ValueInfo(name, new TensorType(ElementType.Float32, new Shape(dims).With(0, Core.Shape.Unknown)))
        );
        types[name] = new TensorType(ElementType.Float32, new Shape(dims));
        return name;
    }

    public string Weight(Tensor tensor, string? name = null) => Weight(new DenseEncoding(tensor), name);

    public string Weight(Encoding encoding, string? name = null)
    {
        name ??= $"w{weights.Count}";
        weights.Add(new Weight(name, encoding));
        types[name] = new TensorType(encoding.Type, encoding.Shape);
        return name;
    }

    public string Longs(params long[] values) => Weight(Tensor.Vector(values));

    public string Add(string type, Attributes attributes, params string[] from) =>
        Named($"{type}{nodes.Count}", type, attributes, from);

    public string Named(string name, string type, Attributes attributes, params string[] from) =>
        Many(name, type, attributes, 1, from)[0];

    public string[] Many(string name, string type, Attributes attributes, int outputs, params string[] from)
    {
        string[] made = [.. Enumerable.Range(0, outputs).Select(i => i == 0 ? $"{name}.y" : $"{name}.y{i}")];
        var node = new Node(name, OperatorCatalogue.Create(type, attributes), [.. from], [.. made]);
        var known = new OperatorInputs(
            [.. from.Select(f => f.Length == 0 ? null : types[f])],
            [.. from.Select(f => weights.Find(w => w.Name == f)?.Encoding.Decode())]
        );
        foreach (var (value, made1) in made.Zip(node.Operator.Infer(known)))
            types[value] = made1!;
        nodes.Add(node);
        return made;
    }

    public Network Build(params string[] outputs) =>
        new(
            "random",
            [.. inputs],
            [.. outputs.Select(o => new ValueInfo(o, new TensorType(types[o].Type, null)))],
            [.. nodes],
            weights
        );
}
