using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Coding;

/// <summary>
/// Codes a network without its numbers. Encoding and decoding are one code: a decoder starts from
/// <see cref="Description.Empty"/>
/// and returns what it reads. Values are referred to by how long ago they were made, weights by which was not used yet.
/// </summary>
/// <param name="coder">The coder.</param>
/// <param name="depth">How many bodies lie around the network; a body has no weights.</param>
internal sealed class DescriptionModel<T>(DescriptionCoder<T> coder, int depth = 0)
    where T : struct, IBinaryCoder
{
    private const int MaxItems = 1 << 24,
        Omitted = 0,
        NextWeight = 1,
        Made = 2,
        AnyWeight = 3;
    private const uint InputText = 1,
        NodeText = 2,
        ValueText = 3,
        WeightText = 4,
        KeyText = 5,
        FactText = 6,
        NetworkText = 7,
        AttributeText = 8,
        TypeText = 9;

    private readonly AttributeModel<T> attributes = new(coder, AttributeText, depth);
    private readonly List<string> made = [];
    private readonly Dictionary<string, int> madeAt = new(StringComparer.Ordinal);
    private readonly Dictionary<int, NodeDraft> users = [];
    private int nextWeight,
        weightCount,
        weightsCoded;
    private Shape lastMatrix;

    public Description Code(Description given)
    {
        string name = coder.Text(given.Name, NetworkText);
        var inputs = List(given.Inputs, (i, _) => Input(i));
        weightCount = Count(given.Weights.Length, 1);
        if (depth > 0 && weightCount > 0)
            throw new FileFormatException("the description gives a body weights: the file is damaged");
        var weightNumbers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < given.Weights.Length; i++)
            weightNumbers[given.Weights[i].Name] = i;
        int nodeCount = Count(given.Nodes.Length, 2);
        var drafts = new List<NodeDraft>();
        for (int i = 0; i < nodeCount; i++)
            drafts.Add(Node(i < given.Nodes.Length ? given.Nodes[i] : null, weightNumbers, drafts));
        var weights = List(given.Weights, Weight, weightCount);
        var outputs = List(given.Outputs, (o, _) => Output(o, weights, weightNumbers));
        var metadata = List([.. given.Metadata], Fact);
        return new Description(
            name,
            inputs,
            outputs,
            [.. drafts.Select(d => d.Finish(weights))],
            weights,
            Sorted(metadata)
        );
    }

    private static ImmutableSortedDictionary<string, string> Sorted(ImmutableArray<KeyValuePair<string, string>> facts)
    {
        var builder = Description.Empty.Metadata.ToBuilder();
        foreach (var (key, value) in facts)
            builder[key] = value;
        return builder.ToImmutable();
    }

    private int Count(int given, uint what) => coder.Number(Field.Count, given, MaxItems, what);

    private ImmutableArray<TItem> List<TItem>(
        ImmutableArray<TItem> given,
        Func<TItem?, TItem?, TItem> code,
        int count = -1
    )
    {
        if (count < 0)
            count = Count(given.Length, 3);
        var result = ImmutableArray.CreateBuilder<TItem>();
        for (int i = 0; i < count; i++)
            result.Add(code(i < given.Length ? given[i] : default, i > 0 ? result[^1] : default));
        return result.ToImmutable();
    }

    private ValueInfo Input(ValueInfo? given)
    {
        string name = coder.Text(given?.Name, InputText, made.LastOrDefault(""));
        Make(name);
        return new ValueInfo(name, Type(given?.Type));
    }

    private TensorType Type(TensorType? given)
    {
        ElementType element = ElementOf(given?.Type ?? ElementType.Float32, 0);
        bool ranked = coder.Flag(Field.Flag, given?.Shape is not null, 1);
        return new TensorType(element, ranked ? coder.Shape(given?.Shape ?? Shape.Scalar, 1) : null);
    }

    private ElementType ElementOf(ElementType given, uint kind) =>
        (ElementType)coder.Symbol(Field.ElementType, (int)given, kind);

    private void Make(string name)
    {
        if (name.Length == 0)
            return;
        madeAt[name] = made.Count;
        made.Add(name);
    }

    private NodeDraft Node(Node? given, Dictionary<string, int> weightNumbers, List<NodeDraft> before)
    {
        uint previous = before.Count > 0 ? before[^1].OperatorNumber + 1 : 0,
            earlier = before.Count > 1 ? before[^2].OperatorNumber + 1 : 0;
        var (number, type) = Operator(given?.Operator.Type, previous, earlier);
        var op = OperatorCatalogue.Create(type, attributes.Code(given?.Operator.Attributes ?? Attributes.None, number));
        var draft = new NodeDraft(number, op);
        int inputs = coder.Number(Field.InputCount, given?.Inputs.Length ?? 0, MaxItems, number);
        for (int i = 0; i < inputs; i++)
            draft.Inputs.Add(Reference(given is null ? "" : given.Inputs[i], number, (uint)i, weightNumbers, draft));
        int outputs = coder.Number(Field.OutputCount, given?.Outputs.Length ?? 1, MaxItems, number);
        for (int i = 0; i < outputs; i++)
            draft.Outputs.Add(
                coder.Text(
                    given?.Outputs[i],
                    ValueText,
                    draft.Data,
                    before.Count > 0 && before[^1].Outputs.Count > 0 ? before[^1].Outputs[0] : ""
                )
            );
        foreach (string output in draft.Outputs)
            Make(output);
        string likely = draft.Outputs.Count > 0 ? draft.Outputs[0] : "";
        bool same = coder.Flag(Field.NodeName, given?.Name == likely);
        draft.Name = same ? likely : coder.Text(given?.Name, NodeText, likely, before.Count > 0 ? before[^1].Name : "");
        return draft;
    }

    /// <summary>The operator's number and type; a type without a number is spelt out.</summary>
    private (uint Number, string Type) Operator(string? given, uint previous, uint earlier)
    {
        int number = given is null ? 0 : Array.IndexOf(OperatorTable.Types, given);
        number = coder.Symbol(Field.Operator, number < 0 ? OperatorTable.Spelt : number, previous, earlier);
        if (number == OperatorTable.Spelt)
            return ((uint)number, coder.Text(given, TypeText));
        return number < OperatorTable.Types.Length
            ? ((uint)number, OperatorTable.Types[number])
            : throw new FileFormatException(
                $"operator number {number} does not exist: the file is damaged, or needs a newer Decant"
            );
    }

    /// <summary>An input: a name already known, or a weight whose name is still to come.</summary>
    private (string Name, int Weight) Reference(
        string given,
        uint op,
        uint place,
        Dictionary<string, int> weightNumbers,
        NodeDraft draft
    )
    {
        int weight = weightNumbers.GetValueOrDefault(given, -1);
        int kind =
            given.Length == 0 ? Omitted
            : weight < 0 ? Made
            : weight == nextWeight ? NextWeight
            : AnyWeight;
        switch (coder.Symbol(Field.InputKind, kind, op, place, 2))
        {
            case Omitted:
                return ("", -1);
            case Made:
                int back = coder.Number(
                    Field.InputDistance,
                    weight < 0 && given.Length > 0 ? made.Count - 1 - madeAt[given] : 0,
                    MaxItems,
                    op,
                    place
                );
                string name =
                    back < made.Count
                        ? made[made.Count - 1 - back]
                        : throw new FileFormatException(
                            "the description reads a value before it is made: the file is damaged"
                        );
                if (draft.Data.Length == 0)
                    draft.Data = name;
                return (name, -1);
            case NextWeight:
                weight = nextWeight;
                break;
            default:
                weight = coder.Number(Field.InputWeight, Math.Max(0, weight), MaxItems, op, place);
                break;
        }
        if (weight >= weightCount)
            throw new FileFormatException(
                $"the description uses weight {weight} of {weightCount}: the file is damaged"
            );
        nextWeight = Math.Max(nextWeight, weight + 1);
        users.TryAdd(weight, draft);
        return ("", weight);
    }

    private (string Name, WeightCodec Codec) Weight(
        (string Name, WeightCodec Codec) given,
        (string Name, WeightCodec Codec) before
    )
    {
        NodeDraft? user = users.GetValueOrDefault(weightsCoded++);
        string name = coder.Text(
            given.Name,
            WeightText,
            user is null ? "" : user.Outputs.FirstOrDefault(""),
            before.Name ?? ""
        );
        uint place = (uint)(
            user is null
                ? 0
                : 1 + user.OperatorNumber * 8 + Math.Min(7, user.Inputs.FindIndex(i => i.Weight == weightsCoded - 1))
        );
        var kind = (WeightKind)coder.Symbol(Field.WeightKind, (int)given.Codec.Kind, place, (uint)before.Codec.Kind, 3);
        var element =
            kind == WeightKind.Dense
                ? ElementOf(given.Codec.Type is ElementType.Unknown ? ElementType.Float32 : given.Codec.Type, place + 1)
                : ElementType.Float32;
        ReadOnlySpan<long> kernel = user is null ? [] : user.Operator.Attributes.Ints("kernel_shape").AsSpan();
        Span<int> guesses = stackalloc int[4];
        guesses.Fill(-2);
        Shape last = before.Codec.Shape;
        if (last.Rank > 0)
            guesses[0] = last[0];
        if (lastMatrix.Rank > 0)
            guesses[1] = lastMatrix[0];
        if (kernel.Length > 0)
            guesses[2] = (int)Math.Clamp(kernel[0], -1, int.MaxValue);
        Shape shape = coder.Shape(given.Codec.Shape, place + 2, guesses);
        if (shape.Rank > 1)
            lastMatrix = shape;
        if (!shape.IsKnown || shape.Count > Array.MaxLength)
            throw new FileFormatException(
                $"weight '{name}' is said to have shape {shape}, which is too large or not known: the file is damaged"
            );
        return (name, new WeightCodec(kind, element, shape));
    }

    private ValueInfo Output(
        ValueInfo? given,
        ImmutableArray<(string Name, WeightCodec Codec)> weights,
        Dictionary<string, int> weightNumbers
    )
    {
        int weight = weightNumbers.GetValueOrDefault(given?.Name ?? "", -1);
        bool isWeight = coder.Flag(Field.Flag, weight >= 0, 2);
        int limit = isWeight ? weights.Length : made.Count;
        int at = coder.Number(
            Field.OutputDistance,
            isWeight ? weight
                : given is null ? 0
                : made.Count - 1 - madeAt[given.Name],
            MaxItems,
            isWeight ? 1u : 0u
        );
        if (at >= limit)
            throw new FileFormatException("the description has an output that nothing makes: the file is damaged");
        return new ValueInfo(isWeight ? weights[at].Name : made[made.Count - 1 - at], Type(given?.Type));
    }

    private KeyValuePair<string, string> Fact(KeyValuePair<string, string> given, KeyValuePair<string, string> before)
    {
        string key = coder.Text(given.Key, KeyText, before.Key ?? "");
        return KeyValuePair.Create(key, coder.Text(given.Value, FactText));
    }
}
