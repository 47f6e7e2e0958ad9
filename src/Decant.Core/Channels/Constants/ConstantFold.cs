using System.Collections.Immutable;
using Decant.Core.Operators;

namespace Decant.Core.Channels.Constants;

/// <summary>Adds what constant channels give to the biases of the layers that read them.</summary>
internal sealed class ConstantFold
{
    private readonly ChannelFlow flow;
    private readonly ConstantValues values;
    private readonly Dictionary<Node, double[]> adds = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, Encoding> changed = new(StringComparer.Ordinal);
    private readonly List<Weight> added = [];

    public ConstantFold(ChannelFlow flow, ConstantValues values, HashSet<int> channels)
    {
        (this.flow, this.values) = (flow, values);
        foreach (Reading reading in flow.Readings)
            Read(reading, channels);
    }

    /// <summary>Whether a layer can take a constant that is not zero into its bias.</summary>
    public static bool IsPossible(ChannelFlow flow, Reading reading)
    {
        Node node = reading.Node;
        Shape w = flow.Network.Weights[reading.Weight].Encoding.Shape;
        bool reads = reading.Value == node.Inputs[0] && reading.Weight == node.Inputs[1];
        return reads
            && node.Operator switch
            {
                Conv => !LinearConstants.HasPadding(node.Operator, w) && IsRow(flow, node, 2, w[0]),
                Gemm g => IsRow(flow, node, 2, w[g.TransB ? 0 : 1]),
                MatMul => w.Rank == 2,
                _ => false,
            };
    }

    /// <summary>The network with the new biases; its channels are still there.</summary>
    public Network Fold()
    {
        Network old = flow.Network;
        if (adds.Count == 0)
            return old;
        ImmutableArray<Node> nodes =
        [
            .. old.Nodes.SelectMany(n => adds.TryGetValue(n, out double[]? add) ? Fold(n, add) : [n]),
        ];
        var weights = old.Weights.Select(w =>
            changed.TryGetValue(w.Name, out Encoding? e) ? w with { Encoding = e } : w
        );
        return new Network(old.Name, old.Inputs, old.Outputs, nodes, [.. weights, .. added], old.Metadata);
    }

    private static bool IsRow(ChannelFlow flow, Node node, int input, int count) =>
        node.Inputs.Length <= input
        || node.Inputs[input].Length == 0
        || (flow.Network.Constant(node, input) is { } c && (c.Count == 1 || c.Count == count));

    private void Read(Reading reading, HashSet<int> channels)
    {
        int[] marks = flow.Known(reading.Weight)![reading.Axis] ?? [];
        for (int k = 0; k < marks.Length; k++)
        {
            int root = flow.Coupling.Root(marks[k]);
            if (
                !channels.Contains(root)
                || values.Of(reading.Value, root) is not { } x
                || x == 0
                || values.Number(reading.Weight, root, reading.Axis) == 0
            )
                continue;
            Add(reading, k, x);
        }
    }

    /// <summary>Adds x times the weights that read place k.</summary>
    private void Add(Reading reading, int k, double x)
    {
        Shape w = flow.Network.Weights[reading.Weight].Encoding.Shape;
        float[] numbers = values.Decoded(reading.Weight);
        int outputs = w[1 - reading.Axis],
            inner = (int)w.CountFrom(2);
        if (!adds.TryGetValue(reading.Node, out double[]? add))
            adds[reading.Node] = add = new double[outputs];
        for (int m = 0; m < outputs; m++)
        {
            int start = (reading.Axis == 1 ? m * w[1] + k : k * w[1] + m) * inner;
            for (int i = 0; i < inner; i++)
                add[m] += x * numbers[start + i];
        }
    }

    private IEnumerable<Node> Fold(Node node, double[] add)
    {
        if (node.Operator is MatMul)
            return After(node, add);
        var (alpha, beta) = node.Operator is Gemm g ? (g.Alpha, g.Beta) : (1f, 1f);
        float[] old = node.Inputs.Length > 2 && node.Inputs[2].Length > 0 ? values.Decoded(node.Inputs[2]) : [0];
        Node folded = node with
        {
            Inputs =
            [
                node.Inputs[0],
                node.Inputs[1],
                Bias(node, 2, [.. add.Select((a, i) => (float)(beta * old[i % old.Length] + alpha * a))]),
            ],
        };
        return
        [
            beta == 1
                ? folded
                : folded with
                {
                    Operator = OperatorCatalogue.Create("Gemm", node.Operator.Attributes.Without("beta")),
                },
        ];
    }

    /// <summary>A MatMul has no bias: the sum that follows it takes it, or one is put there.</summary>
    private IEnumerable<Node> After(Node node, double[] add)
    {
        if (Sum(node, add.Length) is { } sum)
        {
            float[] old = values.Decoded(sum);
            changed[sum] = new DenseEncoding(
                Tensor.Of(flow.Network.Weights[sum].Encoding.Shape, [.. add.Select((a, i) => (float)(old[i] + a))])
            );
            return [node];
        }
        string product = Free($"{node.Outputs[0]}.product");
        string bias = Bias(node, 2, [.. add.Select(a => (float)a)]);
        return
        [
            node with
            {
                Outputs = [product],
            },
            new Node(
                $"{node.Name}.bias",
                OperatorCatalogue.Create("Add", Attributes.None),
                [product, bias],
                node.Outputs
            ),
        ];
    }

    /// <summary>
    /// The weight that is added to a node's output, if it is a row, all that reads it, and nothing else's.
    /// </summary>
    private string? Sum(Node node, int count)
    {
        string y = node.Outputs[0];
        if (
            flow.Network.Outputs.Any(o => o.Name == y)
            || flow.Network.Nodes.Where(n => n.Inputs.Contains(y)).ToArray() is not [{ Operator: Operators.Add } sum]
        )
            return null;
        string bias = sum.Inputs[sum.Inputs[0] == y ? 1 : 0];
        return
            flow.Network.Constant(sum, sum.Inputs.IndexOf(bias)) is { Type: ElementType.Float32 } e
            && e.Count == count
            && e.Shape[-1] == count
            && Readers(bias) == 1
            ? bias
            : null;
    }

    private int Readers(string name) => flow.Network.Nodes.Sum(n => n.Inputs.Count(i => i == name));

    /// <summary>A bias in place of an input, under its name if nothing else reads it.</summary>
    private string Bias(Node node, int input, float[] numbers)
    {
        string old = node.Inputs.Length > input ? node.Inputs[input] : "";
        if (old.Length > 0 && Readers(old) == 1)
        {
            changed[old] = new DenseEncoding(Tensor.Vector(numbers));
            return old;
        }
        string name = Free($"{node.Outputs[0]}.bias");
        added.Add(new Weight(name, Tensor.Vector(numbers)));
        return name;
    }

    private string Free(string wanted)
    {
        string name = wanted;
        for (int i = 2; flow.Shapes[name] is not null || added.Exists(w => w.Name == name); i++)
            name = $"{wanted}.{i}";
        return name;
    }
}
