namespace Decant.Runtime.Planning;

/// <summary>
/// Joins nodes that one stage computes: a convolution or product with the bias, normalization, residual and clamp that
/// follow it, and element-wise layers with their clamp. A node is only joined when nothing else reads what is between.
/// </summary>
internal sealed class Fusion
{
    private static readonly HashSet<string> Clampable = new(StringComparer.Ordinal)
    {
        "Conv",
        "Gemm",
        "MatMul",
        "Add",
        "Sub",
        "Mul",
        "Div",
        "BatchNormalization",
    };
    private readonly KnownValues known;
    private readonly GivenKernels given;
    private readonly ILookup<string, Node> readers;
    private readonly HashSet<string> outputs;
    private readonly HashSet<Node> joined = [];

    private Fusion(Network network, KnownValues known, GivenKernels given)
    {
        (this.known, this.given) = (known, given);
        readers = known
            .Nodes.SelectMany(n => n.Inputs.Select(i => (Input: i, Node: n)))
            .ToLookup(p => p.Input, p => p.Node, StringComparer.Ordinal);
        outputs = [.. network.Outputs.Select(o => o.Name)];
    }

    /// <summary>The operations of a network, each after those whose results it reads.</summary>
    public static IReadOnlyList<Operation> Of(Network network, KnownValues known, GivenKernels given)
    {
        var fusion = new Fusion(network, known, given);
        var place = new Dictionary<Node, int>();
        foreach (Node node in known.Nodes)
            place.Add(node, place.Count);
        var made = new List<Placed>();
        foreach (Node node in known.Nodes)
            if (!fusion.joined.Contains(node))
                made.Add(fusion.Join(node, place));
        return [.. made.OrderBy(m => m.Place).Select(m => m.Operation)];
    }

    private Placed Join(Node node, Dictionary<Node, int> place)
    {
        var operation = new Operation(node);
        Node last = node;
        while (
            Clampable.Contains(node.Operator.Type)
            && given.For(node) is null
            && operation.Quantization is null
            && Next(operation.Output) is { } next
            && With(operation, next) is { } longer
        )
        {
            operation = longer with { Output = next.Outputs[0], Last = next, Shorter = operation };
            joined.Add(next);
            last = next;
        }
        return new Placed(place[last], operation);
    }

    /// <summary>The only reader of a value that nobody else sees.</summary>
    private Node? Next(string value)
    {
        if (outputs.Contains(value) || known.FloatShape(value) is null)
            return null;
        Node[] all = [.. readers[value]];
        return all.Length == 1 && !joined.Contains(all[0]) && given.For(all[0]) is null ? all[0] : null;
    }

    private Operation? With(Operation operation, Node next) =>
        next.Operator switch
        {
            Operators.QuantizeLinear
                when operation.Node.Operator is Operators.Conv or Operators.Add && known.ByteRange(next) is not null =>
                operation with
                {
                    Quantization = next,
                },
            _ when operation.IsClamped => null,
            Operators.Relu => operation with { Low = 0 },
            { Type: "Clip" } => Clamped(operation, next),
            Operators.BatchNormalization { TrainingMode: false }
                when operation is { Node.Operator: Operators.Conv, Normalization: null, Residual: null }
                    && AreConstantFloats(next.Inputs.Skip(1)) => operation with
            {
                Normalization = next,
            },
            Operators.Add when operation.Residual is null => Added(operation, next),
            _ => null,
        };

    private Operation? Clamped(Operation operation, Node next)
    {
        return
            known.Scalar(next, 1, float.NegativeInfinity) is { } low
            && known.Scalar(next, 2, float.PositiveInfinity) is { } high
            ? operation with
            {
                Low = low,
                High = high,
            }
            : null;
    }

    private Operation? Added(Operation operation, Node next)
    {
        string other = next.Inputs[0] == operation.Output ? next.Inputs[1] : next.Inputs[0];
        if (
            other == operation.Output
            || known.FloatShape(other) is not { } shape
            || known.FloatShape(operation.Output) is not { } own
        )
            return null;
        bool constant = known.IsConstant(other);
        if (
            constant
            && operation is { Node.Operator: Operators.MatMul, Bias: null }
            && shape.Count == own[-1]
            && shape.Rank > 0
            && shape[-1] == own[-1]
        )
            return operation with { Bias = other };
        return !constant && operation.Node.Operator is Operators.Conv && shape == own
            ? operation with
            {
                Residual = other,
            }
            : null;
    }

    private bool AreConstantFloats(IEnumerable<string> values) =>
        values.All(v => known.IsConstant(v) && known.FloatShape(v) is not null);

    private bool AreConstant(IEnumerable<string> values) => values.All(v => v.Length == 0 || known.IsConstant(v));

    /// <summary>An operation at the place of its last node.</summary>
    private sealed record Placed(int Place, Operation Operation);
}
