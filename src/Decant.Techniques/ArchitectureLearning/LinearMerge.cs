using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Techniques.ArchitectureLearning;

/// <summary>Two Gemm with nothing between them as one: B(Ax + a) + b = (BA)x + (Ba + b).</summary>
internal static class LinearMerge
{
    /// <summary>
    /// The network with the Gemm that reads a weight and the one that follows as one, if that one has fewer numbers.
    /// </summary>
    public static Network Merge(Network network, string weight)
    {
        Node first = network.Graph.Consumers(weight).First(n => n.Inputs.Length > 1 && n.Inputs[1] == weight);
        Node second = network.Graph.Consumers(first.Outputs[0])[0];
        Layer a = Layer.Of(network, first),
            b = Layer.Of(network, second);
        if ((long)b.Out * a.In > (long)a.Out * (a.In + b.Out))
            return network;
        var rewriter = new NetworkRewriter(network);
        var sum = new DenseEncoding(Tensor.Of(new Shape(b.Out), Sum(a, b)));
        string product = second.Inputs[1],
            bias = rewriter.SetInput(Bias(second) is null ? first : second, 2, $"{second.Name}.bias", sum);
        rewriter.SetWeight(product, new DenseEncoding(Tensor.Of(new Shape(b.Out, a.In), Product(a, b))));
        rewriter.Remove(first);
        rewriter.Replace(
            second,
            second with
            {
                Operator = new Gemm(new Attributes(("transB", 1L))),
                Inputs = [first.Inputs[0], product, bias],
            }
        );
        return rewriter.ToNetwork();
    }

    private static string? Bias(Node gemm) =>
        gemm.Inputs.Length > 2 && gemm.Inputs[2].Length > 0 ? gemm.Inputs[2] : null;

    private static float[] Product(Layer a, Layer b)
    {
        var product = new float[b.Out * a.In];
        var row = new double[a.In];
        for (int o = 0; o < b.Out; o++)
        {
            Array.Clear(row);
            for (int h = 0; h < a.Out; h++)
            for (int i = 0; i < a.In; i++)
                row[i] += b.Weight[o, h] * a.Weight[h, i];
            for (int i = 0; i < a.In; i++)
                product[o * a.In + i] = (float)row[i];
        }
        return product;
    }

    private static float[] Sum(Layer a, Layer b) =>
        [
            .. Enumerable
                .Range(0, b.Out)
                .Select(o => (float)(b.Bias[o] + Enumerable.Range(0, a.Out).Sum(h => b.Weight[o, h] * a.Bias[h]))),
        ];

    /// <summary>A Gemm's numbers with its factors in them: y = Weight·x + Bias.</summary>
    private sealed record Layer(double[,] Weight, double[] Bias)
    {
        public int Out => Weight.GetLength(0);

        public int In => Weight.GetLength(1);

        public static Layer Of(Network network, Node node)
        {
            var gemm = (Gemm)node.Operator;
            Tensor values = network.Weights[node.Inputs[1]].Encoding.Decode();
            int rows = values.Shape[0],
                columns = values.Shape[1];
            ReadOnlySpan<float> w = values.Span<float>();
            var weight = gemm.TransB ? new double[rows, columns] : new double[columns, rows];
            for (int i = 0; i < w.Length; i++)
                weight[gemm.TransB ? i / columns : i % columns, gemm.TransB ? i % columns : i / columns] =
                    (double)gemm.Alpha * w[i];
            var bias = new double[weight.GetLength(0)];
            if (LinearMerge.Bias(node) is not { } name)
                return new Layer(weight, bias);
            float[] c = network.Weights[name].Encoding.Decode().Array<float>();
            for (int o = 0; o < bias.Length; o++)
                bias[o] = (double)gemm.Beta * c[c.Length == 1 ? 0 : o];
            return new Layer(weight, bias);
        }
    }
}
