using System.Collections.Concurrent;
using System.Collections.Immutable;
using Decant.Runtime.Kernels;
using Decant.Runtime.Memory;

namespace Decant.Runtime.Planning;

/// <summary>
/// What is known of a network's values before it runs on inputs of known shapes: types, and the numbers of those that
/// depend on weights and shapes alone. Nodes that make only such numbers are computed here, once.
/// </summary>
internal sealed class KnownValues
{
    private readonly Network network;
    private readonly CancellationToken cancellation;
    private readonly Dictionary<string, TensorType?> types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Tensor> constants = new(StringComparer.Ordinal);
    private readonly Dictionary<Node, OperatorInputs> inputs = [];
    private readonly Dictionary<string, QuantizedWeight> codes = new(StringComparer.Ordinal);

    /// <summary>Infers and folds.</summary>
    /// <exception cref="ModelException">A node's inputs do not fit its operator; the node is named.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public KnownValues(Network network, IReadOnlyList<Shape> shapes, long limit, CancellationToken cancellation)
    {
        this.cancellation = cancellation;
        this.network = network;
        for (int i = 0; i < shapes.Count; i++)
        {
            types[network.Inputs[i].Name] = new TensorType(network.Inputs[i].Type.Type, shapes[i]);
            Check(types[network.Inputs[i].Name], limit, $"input '{network.Inputs[i].Name}'");
        }
        foreach (Weight w in network.Weights)
            types[w.Name] = new TensorType(w.Encoding.Type, w.Encoding.Shape);
        var live = new List<Node>();
        foreach (Node node in network.Nodes)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!Fold(node, limit))
                live.Add(node);
        }
        Nodes = live;
    }

    /// <summary>The nodes that must run.</summary>
    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>The type of a value; null if it cannot be known.</summary>
    public TensorType? Type(string value) => types.GetValueOrDefault(value);

    /// <summary>The shape of a float value whose extents are all known; null for any other.</summary>
    public Shape? FloatShape(string value) =>
        Type(value) is { Type: ElementType.Float32, Shape: { IsKnown: true } shape } ? shape : null;

    /// <summary>Whether a value's numbers are known.</summary>
    public bool IsConstant(string value) => constants.ContainsKey(value) || network.Weights.TryGet(value, out _);

    /// <summary>How a weight's numbers are held; null for anything but a weight.</summary>
    public Encoding? Encoding(string value) => network.Weights.TryGet(value, out Weight? w) ? w.Encoding : null;

    /// <summary>The numbers of a constant; null for any other value.</summary>
    public Tensor? Constant(string value)
    {
        if (constants.TryGetValue(value, out Tensor? known))
            return known;
        return network.Weights.TryGet(value, out Weight? w) ? w.Encoding.Decode() : null;
    }

    /// <summary>
    /// An optional input of one float: its number where it is constant, another where it is left out, else null.
    /// </summary>
    public float? Scalar(Node node, int input, float otherwise)
    {
        if (node.Inputs.Length <= input || node.Inputs[input].Length == 0)
            return otherwise;
        return Constant(node.Inputs[input]) is { Type: ElementType.Float32, Count: 1 } scalar
            ? scalar.Span<float>()[0]
            : null;
    }

    /// <summary>The codes of a constant that are computed on as bytes; null if it has none.</summary>
    public QuantizedWeight? Codes(string value) =>
        codes.TryGetValue(value, out QuantizedWeight? known) ? known
        : network.Weights.TryGet(value, out Weight? w) ? QuantizedWeight.Of(w.Encoding)
        : null;

    /// <summary>
    /// What the bytes of a QuantizeLinear or DequantizeLinear stand for, where that is known, the same for all, and
    /// bytes; else null.
    /// </summary>
    public ByteRange? ByteRange(Node node)
    {
        Tensor? scale = Constant(node.Inputs[1]),
            zero = node.Inputs.Length > 2 && node.Inputs[2].Length > 0 ? Constant(node.Inputs[2]) : null;
        ElementType type =
            node.Operator is Operators.QuantizeLinear
                ? Type(node.Outputs[0])?.Type ?? ElementType.Unknown
                : Type(node.Inputs[0])?.Type ?? ElementType.Unknown;
        if (
            scale is not { Type: ElementType.Float32, Count: 1 }
            || (zero is not null && (zero.Count != 1 || zero.Type != type))
            || (zero is null && node.Inputs.Length > 2 && node.Inputs[2].Length > 0)
        )
            return null;
        float step = scale.Span<float>()[0];
        if (!(step > 0) || !float.IsFinite(step))
            return null;
        return type switch
        {
            ElementType.UInt8 => new ByteRange(step, zero?.Span<byte>()[0] ?? 0, false),
            ElementType.Int8 => new ByteRange(step, zero?.Span<sbyte>()[0] ?? 0, true),
            _ => null,
        };
    }

    /// <summary>Multiply-accumulates of a node.</summary>
    public long Macs(Node node) => inputs.TryGetValue(node, out OperatorInputs? known) ? node.Operator.Macs(known) : 0;

    private bool Fold(Node node, long limit)
    {
        var known = new OperatorInputs(
            [.. node.Inputs.Select(i => i.Length == 0 ? null : types[i])],
            [.. node.Inputs.Select(Small)]
        );
        inputs[node] = known;
        ImmutableArray<TensorType?> made = Infer(node, known);
        for (int i = 0; i < node.Outputs.Length; i++)
        {
            types[node.Outputs[i]] = i < made.Length ? made[i] : null;
            if (node.Outputs[i].Length > 0)
                Check(types[node.Outputs[i]], limit, $"{node}: a result");
        }
        if (node.Operator.OfShapes(known) is { } value)
        {
            constants[node.Outputs[0]] = value;
            return true;
        }
        if (
            node.Operator is Operators.ControlFlowOperator
            || node.Inputs.Length == 0
            || !node.Inputs.All(i => i.Length == 0 || IsConstant(i))
        )
            return false;
        Compute(node, limit);
        if (
            node.Operator is Operators.DequantizeLinear dequantize
            && QuantizedWeight.Of(
                dequantize,
                Constant(node.Inputs[0])!,
                Constant(node.Inputs[1])!,
                node.Inputs.Length > 2 ? Constant(node.Inputs[2]) : null
            )
                is { } weight
        )
            codes[node.Outputs[0]] = weight;
        return true;
    }

    /// <summary>
    /// A value that takes too much alone is refused before stages take memory for what they know of it.
    /// </summary>
    private static void Check(TensorType? type, long limit, string what)
    {
        if (
            type is { Type: not ElementType.Unknown, Shape: { IsKnown: true } shape }
            && shape.Count > limit / type.Type.Size()
        )
            throw new ModelException(
                $"{what} of {type} takes more than the {limit:N0} bytes that this session may use: feed a "
                    + "smaller batch, or raise the limit"
            );
    }

    /// <summary>What a shape rule may look at: numbers of constants that were not trained.</summary>
    private Tensor? Small(string value)
    {
        if (constants.TryGetValue(value, out Tensor? known))
            return known;
        return network.Weights.TryGet(value, out Weight? w) && w.Encoding is DenseEncoding dense
            ? dense.Decode()
            : null;
    }

    private static ImmutableArray<TensorType?> Infer(Node node, OperatorInputs known)
    {
        try
        {
            return node.Operator.Infer(known);
        }
        catch (Exception e) when (e is ModelException or OverflowException)
        {
            throw new ModelException(
                $"{node}: {(e is ModelException ? e.Message : "an extent of its output does not fit 32 bits")}",
                e
            );
        }
    }

    private void Compute(Node node, long limit)
    {
        int count = node.Inputs.Length;
        var values = new Tensor?[count + node.Outputs.Length];
        for (int i = 0; i < count; i++)
            values[i] = node.Inputs[i].Length == 0 ? null : Constant(node.Inputs[i]);
        int[] reads = [.. Enumerable.Range(0, count).Select(i => values[i] is null ? -1 : i)];
        int[] makes = [.. node.Outputs.Select((o, i) => o.Length == 0 ? -1 : count + i)];
        new Step(node, KernelCatalogue.For(node), reads, makes, []).Run(
            values,
            new Threads(1, cancellation),
            new RunMemory(values.Length, limit)
        );
        for (int i = 0; i < makes.Length; i++)
            if (values[count + i] is { } made)
                (constants[node.Outputs[i]], types[node.Outputs[i]]) = (made, new TensorType(made.Type, made.Shape));
    }
}

/// <summary>
/// Weights packed for the stages that compute on them, made once and shared by all plans and sessions of a model.
/// </summary>
internal sealed class PackedWeights
{
    private readonly ConcurrentDictionary<(string Value, string Layout), Lazy<object>> packed = new();

    /// <summary>A weight in a layout, packed by the first who asks.</summary>
    public T Get<T>(string value, string layout, Func<T> make)
        where T : class => (T)packed.GetOrAdd((value, layout), _ => new Lazy<object>(make)).Value;
}
