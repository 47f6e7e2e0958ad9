using System.Collections.Immutable;
using Decant.Core;
using Operators = Decant.Core.Operators;

namespace Decant.Coding;

/// <summary>Codes an operator's attributes, as given: those left out stay left out.</summary>
/// <param name="coder">The coder.</param>
/// <param name="textKind">What kind of text attributes hold.</param>
/// <param name="depth">How many bodies lie around the network that is coded.</param>
internal sealed class AttributeModel<T>(DescriptionCoder<T> coder, uint textKind, int depth)
    where T : struct, IBinaryCoder
{
    private const int MaxItems = 1 << 24,
        Spelt = OperatorTable.Spelt;

    private enum Kind
    {
        Int,
        Float,
        Text,
        Ints,
        Floats,
        Texts,
        Tensor,
        Body,
    }

    public Attributes Code(Attributes given, uint op)
    {
        var items = given.ToArray();
        int count = coder.Number(Field.AttributeCount, items.Length, MaxItems, op);
        if (count == 0)
            return Attributes.None;
        var result = new List<KeyValuePair<string, object>>();
        for (int i = 0; i < count; i++)
            result.Add(Item(i < items.Length ? items[i] : default, op, (uint)i));
        return Build(result);
    }

    private static Attributes Build(List<KeyValuePair<string, object>> items) =>
        items.DistinctBy(i => i.Key, StringComparer.Ordinal).Count() == items.Count
            ? new Attributes(items)
            : throw new FileFormatException("the description gives an attribute twice: the file is damaged");

    private KeyValuePair<string, object> Item(KeyValuePair<string, object> given, uint op, uint place)
    {
        int number = given.Key is null ? 0 : Array.IndexOf(OperatorTable.Names, given.Key);
        number = coder.Symbol(Field.AttributeName, number < 0 ? Spelt : number, op, place);
        if (number >= OperatorTable.Names.Length && number != Spelt)
            throw new FileFormatException(
                $"attribute number {number} does not exist: the file is damaged, or needs a newer Decant"
            );
        string name = number == Spelt ? coder.Text(given.Key, textKind) : OperatorTable.Names[number];
        uint context = op << 8 | (uint)number;
        var kind = (Kind)coder.Symbol(Field.AttributeKind, (int)KindOf(given.Value), context, 0, 3);
        return KeyValuePair.Create(name, Value(kind, given.Value, context));
    }

    private static Kind KindOf(object? value) =>
        value switch
        {
            float => Kind.Float,
            string => Kind.Text,
            ImmutableArray<long> => Kind.Ints,
            ImmutableArray<float> => Kind.Floats,
            ImmutableArray<string> => Kind.Texts,
            Core.Tensor => Kind.Tensor,
            Network => Kind.Body,
            _ => Kind.Int,
        };

    private object Value(Kind kind, object? given, uint context) =>
        kind switch
        {
            Kind.Int => coder.Integer(Field.AttributeNumber, given as long? ?? 0, context),
            Kind.Float => Float(given as float? ?? 0, context),
            Kind.Text => coder.Text(given as string, textKind),
            Kind.Ints => List<long>(given, context, (v, before) =>
                coder.Integer(Field.AttributeNumber, v, context, (uint)before + 1)
            ),
            Kind.Floats => List<float>(given, context, (v, _) => Float(v, context)),
            Kind.Texts => List<string>(given, context, (v, _) => coder.Text(v, textKind)),
            Kind.Tensor => Tensor(given as Core.Tensor, context),
            _ => Body(given as Network),
        };

    private ImmutableArray<TItem> List<TItem>(object? given, uint context, Func<TItem?, TItem?, TItem> code)
    {
        ImmutableArray<TItem> items = given is ImmutableArray<TItem> i ? i : [];
        int count = coder.Number(Field.AttributeLength, items.Length, MaxItems, context);
        var result = ImmutableArray.CreateBuilder<TItem>();
        for (int k = 0; k < count; k++)
            result.Add(code(k < items.Length ? items[k] : default, k > 0 ? result[^1] : default));
        return result.ToImmutable();
    }

    private float Float(float given, uint context)
    {
        uint bits = BitConverter.SingleToUInt32Bits(given),
            result = 0;
        for (int shift = 24; shift >= 0; shift -= 8)
            result |=
                (uint)coder.Symbol(Field.AttributeByte, (int)(bits >> shift & 0xFF), context, (uint)shift) << shift;
        return BitConverter.UInt32BitsToSingle(result);
    }

    /// <summary>A network that the operator runs: a description within the description.</summary>
    private Network Body(Network? given)
    {
        if (depth == Operators.ControlFlowOperator.MostDepth)
            throw new FileFormatException($"bodies lie in each other more than {depth} deep: the file is damaged");
        Description none = Description.Empty;
        Description body = new DescriptionModel<T>(coder, depth + 1).Code(
            given is null
                ? none
                : new Description(given.Name, given.Inputs, given.Outputs, given.Nodes, none.Weights, given.Metadata)
        );
        return new Network(body.Name, body.Inputs, body.Outputs, body.Nodes, [], body.Metadata);
    }

    private Core.Tensor Tensor(Core.Tensor? given, uint context)
    {
        var type = (ElementType)coder.Symbol(Field.ElementType, (int)(given?.Type ?? ElementType.Float32), 99);
        Shape shape = coder.Shape(given?.Shape ?? Shape.Scalar, 99);
        if (!shape.IsKnown || shape.Count > MaxItems)
            throw new FileFormatException($"an attribute is said to be a tensor of shape {shape}: the file is damaged");
        var bytes = new ByteWriter();
        for (long i = 0, n = shape.Count * type.Size(); i < n; i++)
            bytes.Byte((byte)coder.Symbol(Field.AttributeByte, given?.Bytes()[(int)i] ?? 0, context, (uint)(i & 7)));
        var result = Core.Tensor.Zeros(type, shape);
        bytes.Written.CopyTo(result.Bytes());
        return result;
    }
}
