using System.Collections.Frozen;
using System.Collections.Immutable;
using Decant.Core;
using Decant.Formats.Onnx.Import.Upgrades;
using Decant.Formats.Onnx.Messages;

namespace Decant.Formats.Onnx.Import.Sequences;

/// <summary>
/// Operators on sequences and optional values, resolved while the graph is read: a sequence is a list of values, or the
/// slices of one, and only what is taken out of it becomes nodes.
/// </summary>
internal sealed class SequenceOperators
{
    // A small file must not make lists without end.
    private const int MostElements = 1 << 12,
        MostOfAll = 1 << 22;

    private readonly Dictionary<string, TensorSequence> sequences = new(StringComparer.Ordinal);
    private readonly HashSet<string> absent = new(StringComparer.Ordinal);
    private readonly FrozenDictionary<string, Action<Lowering>> table;
    private readonly Values values;
    private int listed;

    public SequenceOperators(Values values)
    {
        this.values = values;
        table = new Dictionary<string, Action<Lowering>>(StringComparer.Ordinal)
        {
            ["ConcatFromSequence"] = Concat,
            ["Optional"] = Optional,
            ["OptionalGetElement"] = OptionalGetElement,
            ["OptionalHasElement"] = OptionalHasElement,
            ["SequenceAt"] = At,
            ["SequenceConstruct"] = l => Set(l, [.. l.Node.Inputs]),
            ["SequenceEmpty"] = l => Set(l, []),
            ["SequenceErase"] = Erase,
            ["SequenceInsert"] = Insert,
            ["SequenceLength"] = Length,
            ["SplitToSequence"] = Split,
        }.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The sequence that a value is; null for any other value.</summary>
    public TensorSequence? Of(string value) => sequences.GetValueOrDefault(value);

    /// <summary>Makes a value a sequence.</summary>
    public void Set(string value, TensorSequence sequence) => sequences[value] = sequence;

    /// <summary>The nodes that compute what one does on sequences; null if its operator is none of these.</summary>
    /// <exception cref="ModelException">It depends on what is known only when the network runs, or any other operator
    /// reads a sequence.</exception>
    public IReadOnlyList<GraphNode>? Lowered(GraphNode node, UpgradeContext context)
    {
        bool hasRule = node.Domain.Length == 0 && table.ContainsKey(node.Type);
        if (!hasRule)
        {
            // Passed on under another name.
            if (node is not { Domain: "", Type: "Identity" })
                EnsureTensors(node.Inputs, "input");
            return null;
        }
        var lowering = new Lowering(node, context);
        if (node.Outputs is not [{ Length: > 0 }])
            throw new ModelException($"it has {node.Outputs.Length} outputs; 1 is expected");
        table[node.Type](lowering);
        return lowering.Nodes;
    }

    /// <summary>Whether a value is no sequence, and not absent.</summary>
    public bool IsTensor(string value) => !sequences.ContainsKey(value) && !absent.Contains(value);

    /// <summary>Checks that values are tensors.</summary>
    /// <exception cref="ModelException">One is a sequence, or an optional value that is absent.</exception>
    public void EnsureTensors(IEnumerable<string> names, string kind)
    {
        foreach (string name in names)
            if (!IsTensor(name))
                throw new ModelException(
                    $"its {kind} '{name}' is a {(absent.Contains(name) ? "value that is absent" : "sequence")}; "
                        + "sequences are supported where what is taken out of them is known when the file is read"
                );
    }

    /// <summary>The value whose slices along a new axis 0 are a sequence's elements.</summary>
    public static string Stacked(Lowering l, TensorSequence sequence) =>
        sequence is ListedSequence list
            ? l.Joined(0, [.. list.Elements.Select(e => l.Widened(e, 0))])
            : ((StackedSequence)sequence).Tensor;

    private TensorSequence Input(Lowering l) =>
        Of(l.Node.Input(0))
        ?? throw new ModelException($"its input '{l.Node.Input(0)}' is not a sequence that is known");

    private void Set(Lowering l, ImmutableArray<string> elements)
    {
        listed += elements.Length;
        if (elements.Length > MostElements || listed > MostOfAll)
            throw new ModelException($"sequences of more than {MostElements} elements are not followed");
        EnsureTensors(elements, "element");
        Set(l.Node.Outputs[0], new ListedSequence(elements));
    }

    private static int Position(Lowering l, int input, int count, int otherwise)
    {
        if (!l.Has(input))
            return otherwise;
        long? position = l.Constant(input) switch
        {
            { Type: ElementType.Int64, Count: 1 } t => t.Span<long>()[0],
            { Type: ElementType.Int32, Count: 1 } t => t.Span<int>()[0],
            _ => throw new ModelException($"its position '{l.Node.Input(input)}' is not known when the file is read"),
        };
        long at = position.Value < 0 ? position.Value + count : position.Value;
        return at >= 0 && at <= otherwise
            ? (int)at
            : throw new ModelException($"its position {position} is outside a sequence of {count}");
    }

    private void Insert(Lowering l)
    {
        string element = l.Node.Input(1);
        EnsureTensors([element], "input");
        if (Input(l) is ListedSequence list)
            Set(l, list.Elements.Insert(Position(l, 2, list.Elements.Length, list.Elements.Length), element));
        else if (l.Has(2))
            throw new ModelException("a sequence whose length is not known can only be appended to");
        else
            Set(l.Node.Outputs[0], new StackedSequence(l.Joined(0, Stacked(l, Input(l)), l.Widened(element, 0))));
    }

    private void Erase(Lowering l)
    {
        if (Input(l) is not ListedSequence list)
            throw new ModelException("the length of its sequence is not known when the file is read");
        if (list.Elements.Length == 0)
            throw new ModelException("its sequence is empty");
        int last = list.Elements.Length - 1;
        Set(l, list.Elements.RemoveAt(Position(l, 1, list.Elements.Length, last)));
    }

    private void At(Lowering l)
    {
        if (Input(l) is ListedSequence list && l.Constant(1) is not null)
        {
            if (list.Elements.Length == 0)
                throw new ModelException("its sequence is empty");
            values.Alias(
                l.Node.Outputs[0],
                list.Elements[Position(l, 1, list.Elements.Length, list.Elements.Length - 1)]
            );
            return;
        }
        if (Input(l) is ListedSequence { Elements: var elements } && !AreOfOneShape(elements))
            throw new ModelException(
                $"its position '{l.Node.Input(1)}' is not known when the file is read, and elements differ in shape"
            );
        l.Finish(l.Make("Gather", new Attributes(("axis", 0L)), Stacked(l, Input(l)), l.Reshaped(l.Node.Input(1))));
    }

    private bool AreOfOneShape(ImmutableArray<string> elements) =>
        elements.Length > 0
        && values.Extents(elements[0]) is { } first
        && first.All(t => t.IsConstant)
        && elements.All(e => values.Extents(e) is { } other && other.SequenceEqual(first));

    private void Length(Lowering l)
    {
        if (Input(l) is ListedSequence list)
            values.Add(l.Node.Outputs[0], Tensor.Scalar((long)list.Elements.Length));
        else
            l.Finish(l.ExtentOf(Stacked(l, Input(l)), 0));
    }

    private void Concat(Lowering l)
    {
        l.Node.Attributes.EnsureOnly("axis", "new_axis");
        if (!l.Node.Attributes.Has("axis"))
            throw new ModelException("attribute 'axis' is missing");
        long axis = l.Node.Attributes.Int("axis");
        bool isNew = l.Node.Attributes.Flag("new_axis");
        if (Input(l) is StackedSequence stacked)
        {
            l.Finish(Joined(l, stacked.Tensor, axis, isNew));
            return;
        }
        ImmutableArray<string> parts = ((ListedSequence)Input(l)).Elements;
        if (parts.Length == 0)
            throw new ModelException("its sequence is empty");
        if (isNew)
            parts = [.. parts.Select(p => l.Widened(p, axis))];
        string joined = l.Joined(axis, parts);
        l.Finish(parts.Length == 1 ? l.Make("Identity", joined) : joined);
    }

    /// <summary>The slices along axis 0 one after the other along an axis of theirs, or along a new one.</summary>
    private string Joined(Lowering l, string tensor, long axis, bool isNew)
    {
        int rank = values.Extents(tensor)?.Length
            ?? throw new ModelException("how many axes the elements of its sequence have is not known");
        int axes = isNew ? rank : rank - 1,
            at = (int)(axis < 0 ? axis + axes : axis);
        if (at < 0 || at >= axes)
            throw new ModelException($"axis {axis} is outside elements of {rank - 1} axes");
        long[] order = [.. Enumerable.Range(1, at), 0, .. Enumerable.Range(at + 1, rank - 1 - at)];
        string moved = at == 0 ? tensor : l.Transposed(tensor, order);
        if (isNew)
            return at == 0 ? l.Make("Identity", moved) : moved;
        string shape = l.Make("Shape", moved);
        return l.Make(
            "Reshape",
            moved,
            l.Joined(0, l.Part(shape, 0, at), l.Numbers("joined", -1), l.Part(shape, at + 2, rank))
        );
    }

    private void Split(Lowering l)
    {
        l.Node.Attributes.EnsureOnly("axis", "keepdims");
        EnsureTensors([l.Node.Input(0)], "input");
        int rank = l.Rank(0);
        long stated = l.Node.Attributes.Int("axis", 0),
            axis = stated < 0 ? stated + rank : stated;
        if (axis < 0 || axis >= rank)
            throw new ModelException($"axis {stated} is outside an input of {rank} axes");
        if (!l.Has(1))
        {
            // Slices of extent 1, however many there are.
            long[] order = [axis, .. Enumerable.Range(0, rank).Select(i => (long)i).Where(i => i != axis)];
            string slices = axis == 0 ? l.Node.Input(0) : l.Transposed(l.Node.Input(0), order);
            if (l.Node.Attributes.Flag("keepdims", true))
                slices = l.Widened(slices, axis + 1);
            Set(l.Node.Outputs[0], new StackedSequence(slices));
            return;
        }
        long[] sizes = Sizes(l, l.Extent(0, (int)axis));
        if (sizes.Length > MostElements)
            throw new ModelException($"sequences of more than {MostElements} elements are not followed");
        Set(
            l,
            l.Make("Split", new Attributes(("axis", axis)), sizes.Length, [l.Node.Input(0), l.Numbers("sizes", sizes)])
        );
    }

    private static long[] Sizes(Lowering l, long? extent)
    {
        long[] sizes = l.Constant(1) switch
        {
            { Type: ElementType.Int64, Shape.Rank: <= 1 } t => t.Array<long>(),
            { Type: ElementType.Int32, Shape.Rank: <= 1 } t => Array.ConvertAll(t.Array<int>(), s => (long)s),
            _ => throw new ModelException("its sizes are not known when the file is read"),
        };
        if (l.Constant(1)!.Shape.Rank == 1)
            return sizes;
        if (extent is not { } whole || sizes[0] < 1)
            throw new ModelException($"how many parts of {sizes[0]} there are is not known when the file is read");
        long count = whole / sizes[0] + (whole % sizes[0] > 0 ? 1 : 0);
        if (count > MostElements)
            throw new ModelException($"sequences of more than {MostElements} elements are not followed");
        return [.. Enumerable.Range(0, (int)count).Select(i => Math.Min(sizes[0], whole - i * sizes[0]))];
    }

    private void Optional(Lowering l)
    {
        if (l.Has(0))
            values.Alias(l.Node.Outputs[0], l.Node.Input(0));
        else
            absent.Add(l.Node.Outputs[0]);
    }

    private void OptionalGetElement(Lowering l)
    {
        if (!l.Has(0) || absent.Contains(l.Node.Input(0)))
            throw new ModelException("its value is absent");
        values.Alias(l.Node.Outputs[0], l.Node.Input(0));
    }

    private void OptionalHasElement(Lowering l) =>
        values.Add(l.Node.Outputs[0], Tensor.Scalar(l.Has(0) && !absent.Contains(l.Node.Input(0))));
}
