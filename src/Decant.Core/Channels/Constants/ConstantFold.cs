using Decant.Core.Operators;

namespace Decant.Core.Channels.Constants;

/// <summary>Adds what constant channels give to the biases of the layers that read them.</summary>
internal sealed class ConstantFold
{
    private readonly ChannelFlow flow;
    private readonly ConstantValues values;
    private readonly Dictionary<Node, double[]> adds = [];
    private readonly NetworkRewriter rewriter;

    public ConstantFold(ChannelFlow flow, ConstantValues values, HashSet<int> channels)
    {
        (this.flow, this.values, rewriter) = (flow, values, new NetworkRewriter(flow.Network));
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
        if (adds.Count == 0)
            return flow.Network;
        foreach (Node node in flow.Network.Nodes)
            if (adds.TryGetValue(node, out double[]? add))
                rewriter.Replace(node, Fold(node, add));
        return rewriter.ToNetwork();
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
            int root = flow.UnionFind.Root(marks[k]);
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
                Bias(node, [.. add.Select((a, i) => (float)(beta * old[i % old.Length] + alpha * a))]),
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
            Shape shape = flow.Network.Weights[sum].Encoding.Shape;
            rewriter.SetWeight(
                sum,
                new DenseEncoding(Tensor.Of(shape, [.. add.Select((a, i) => (float)(old[i] + a))]))
            );
            return [node];
        }
        string product = rewriter.UniqueName($"{node.Outputs[0]}.product");
        string bias = Bias(node, [.. add.Select(a => (float)a)]);
        return
        [
            node with
            {
                Outputs = [product],
            },
            new Node(
                rewriter.UniqueName($"{node.Name}.bias"),
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
        if (flow.Network.Graph.OnlyConsumer(y) is not { Operator: Operators.Add } sum)
            return null;
        string bias = sum.Inputs[sum.Inputs[0] == y ? 1 : 0];
        return
            flow.Network.Constant(sum, sum.Inputs.IndexOf(bias)) is { Type: ElementType.Float32 } e
            && e.Count == count
            && e.Shape[-1] == count
            && flow.Network.Graph.Uses(bias) == 1
            ? bias
            : null;
    }

    private string Bias(Node node, float[] values) =>
        rewriter.SetInput(node, 2, $"{node.Outputs[0]}.bias", new DenseEncoding(Tensor.Vector(values)));
}
