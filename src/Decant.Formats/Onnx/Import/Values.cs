using Decant.Core;
using Decant.Formats.Onnx.Import.Folding;

namespace Decant.Formats.Onnx.Import;

/// <summary>
/// What is known, during import, of every value of a graph: its constant numbers, its element type, its extents.
/// </summary>
internal sealed class Values
{
    /// <summary>
    /// The most elements that folding may make in all, so that a small file cannot make it work without end.
    /// </summary>
    private const int Budget = 1 << 20;

    private readonly Dictionary<string, string> aliases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Tensor> constants = new(StringComparer.Ordinal);
    private readonly List<string> order = [];
    private readonly Dictionary<string, PartialTensor> partial = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (ElementType Type, Term[]? Extents)> types = new(StringComparer.Ordinal);
    private readonly UniqueNames names;
    private int spent;

    /// <summary>Starts with the names that are taken.</summary>
    public Values(HashSet<string> names) => this.names = new UniqueNames(names);

    /// <summary>The symbols that extents may hold.</summary>
    public Symbols Symbols { get; } = new();

    /// <summary>The constants' names, initializers first, in the order they came.</summary>
    public IReadOnlyList<string> Constants => order;

    /// <summary>The value that a name stands for.</summary>
    public string Resolve(string name) => aliases.GetValueOrDefault(name, name);

    /// <summary>Makes a name stand for another value.</summary>
    public void Alias(string name, string value) => aliases[name] = Resolve(value);

    /// <summary>Takes a constant.</summary>
    public void Add(string name, Tensor values)
    {
        constants[name] = values;
        order.Add(name);
        types[name] = (values.Type, [.. values.Shape.Dims.Select(d => Term.Of(d))]);
    }

    /// <summary>Takes a constant under a unique name near the one wanted.</summary>
    /// <returns>The name.</returns>
    public string AddUnique(string wanted, Tensor values)
    {
        string name = UniqueName(wanted);
        Add(name, values);
        return name;
    }

    /// <summary>A name that no value has.</summary>
    public string UniqueName(string wanted) => names.Next(wanted);

    /// <summary>Takes what folding found; a constant if it is wholly known.</summary>
    public void Add(string name, PartialTensor value)
    {
        spent += value.Count;
        if (value.IsConstant)
            Add(name, value.At([])!);
        else
            types[name] = (value.Type, [.. value.Shape.Dims.Select(d => Term.Of(d))]);
        partial[name] = value;
    }

    /// <summary>Sets the type of a value that is not constant.</summary>
    public void SetType(string name, ElementType type, Term[]? extents) => types[name] = (type, extents);

    /// <summary>The numbers of a constant; null if it is not one.</summary>
    public Tensor? Constant(string name) => constants.GetValueOrDefault(name);

    /// <summary>Whether a value is a constant.</summary>
    public bool IsConstant(string name) => constants.ContainsKey(name);

    /// <summary>The element type of a value, if known.</summary>
    public ElementType Type(string name) => types.TryGetValue(name, out var t) ? t.Type : ElementType.Unknown;

    /// <summary>The extents of a value; null if not even the rank is known.</summary>
    public Term[]? Extents(string name) => types.TryGetValue(name, out var t) ? t.Extents : null;

    /// <summary>Whether a value is a tensor of whatever shape, rather than unknown altogether.</summary>
    public bool IsTyped(string name) => types.ContainsKey(name);

    /// <summary>What folding found of a value; null if nothing.</summary>
    public PartialTensor? Partial(string name) => partial.GetValueOrDefault(name);

    /// <summary>
    /// The elements of a small value known in part; null if nothing is known, or folding has made too much already.
    /// </summary>
    public PartialTensor? Elements(string name)
    {
        if (partial.TryGetValue(name, out var known))
            return known;
        if (
            !constants.TryGetValue(name, out var tensor)
            || !Affords(tensor.Count)
            || PartialTensor.Of(tensor) is not { } elements
        )
            return null;
        spent += elements.Count;
        return partial[name] = elements;
    }

    /// <summary>Whether folding has made all that it may.</summary>
    public bool IsSpent => spent > Budget;

    /// <summary>Whether folding may make a tensor of so many elements.</summary>
    public bool Affords(long count) => count <= PartialTensor.MaxCount && spent + count <= Budget;
}
