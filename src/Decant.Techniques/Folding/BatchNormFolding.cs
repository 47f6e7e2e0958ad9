using Decant.Core;
using Decant.Core.Operators;
using Decant.Techniques.Groups;

namespace Decant.Techniques.Folding;

/// <summary>
/// Multiplies batch normalizations into the convolution or matrix product before them (Jacob et al. 2018, section 3.2):
/// W·γ/√(σ² + ε) and (b − μ)·γ/√(σ² + ε) + β. The network computes the same with fewer nodes.
/// </summary>
public sealed class BatchNormFolding : Technique
{
    /// <inheritdoc/>
    public override string Name => "fold-batch-norm";

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context) =>
        [
            .. from norm in context.Network.Nodes
            where norm.Operator is BatchNormalization { TrainingMode: false }
            let layer = LayerBefore(context.Network, norm)
            where layer is not null
            select new PlannedChange(norm.Name, $"fold into {layer.Name}", network => Fold(network, norm.Outputs[0])),
        ];

    private static Node? LayerBefore(Network network, Node norm)
    {
        string value = norm.Inputs[0];
        GraphIndex graph = network.Graph;
        return
            graph.OnlyConsumer(value) == norm
            && graph.Producer(value) is { Operator: LinearOperator { AddsBias: true } } layer
            && layer
                .Inputs.Skip(1)
                .Concat(norm.Inputs.Skip(1))
                .All(i => i.Length > 0 && network.Weights.TryGet(i, out _))
            && graph.Uses(layer.Inputs[1]) == 1
            && OutputAxis.Of(network, network.Weights[layer.Inputs[1]]) != OutputAxis.None
            ? layer
            : null;
    }

    private static Network Fold(Network network, string output)
    {
        Node norm = network.Graph.Producer(output)!,
            layer = network.Graph.Producer(norm.Inputs[0])!;
        FiniteWeights.CheckNodes(network, [layer, norm], "folded");
        Weight weight = network.Weights[layer.Inputs[1]];
        float[][] p = [.. norm.Inputs.Skip(1).Select(i => network.Weights[i].Encoding.Decode().Array<float>())];
        double epsilon = ((BatchNormalization)norm.Operator).Epsilon;
        double[] scale = [.. p[0].Select((g, c) => g / Math.Sqrt(p[3][c] + epsilon))];
        float[] bias =
            layer.Inputs.Length > 2
                ? network.Weights[layer.Inputs[2]].Encoding.Decode().Array<float>()
                : new float[scale.Length];
        float[] shift = [.. scale.Select((s, c) => (float)((bias[bias.Length == 1 ? 0 : c] - p[2][c]) * s + p[1][c]))];
        var rewriter = new NetworkRewriter(network);
        rewriter.SetWeight(weight.Name, Scaled(network, weight, scale));
        string foldedBias = rewriter.AddWeight($"{weight.Name}.folded-bias", Tensor.Of(new Shape(shift.Length), shift));
        rewriter.Remove(norm);
        rewriter.Replace(
            layer,
            layer with
            {
                Inputs = [layer.Inputs[0], layer.Inputs[1], foldedBias],
                Outputs = [norm.Outputs[0]],
            }
        );
        return rewriter.ToNetwork();
    }

    private static DenseEncoding Scaled(Network network, Weight weight, double[] scale)
    {
        float[] values = (float[])weight.Encoding.Decode().Array<float>().Clone();
        var channels = new WeightChannels(weight.Encoding.Shape, OutputAxis.Of(network, weight));
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(values[i] * scale[channels.Of(i)]);
        return new DenseEncoding(Tensor.Of(weight.Encoding.Shape, values));
    }
}
