using System.Collections.Immutable;
using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Techniques.Binarization;

/// <summary>
/// Lets layers read signs (XNOR-Net: Rastegari et al. 2016, section 3.2): Where(x ≥ 0, 1, −1) before them, and
/// behind them a factor K, the mean of |x| over channels and over the window. In training the gradient of a sign is
/// that of x held within −1 and 1. Where the weight is binary, the runtime counts bits.
/// </summary>
public sealed class BinaryActivations(BinaryActivationsOptions options) : Technique<BinaryActivationsOptions>(options)
{
    /// <inheritdoc/>
    public override string Name => "binary-activations";

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context)
    {
        var selected = context.Weights.Select(w => w.Name).ToHashSet(StringComparer.Ordinal);
        Node[] layers =
        [
            .. context.Network.Nodes.Where(n =>
                n.Operator is Conv { Group: 1 } or Gemm { TransA: false } && selected.Contains(n.Inputs[1])
            ),
        ];
        foreach (string weight in selected)
            if (!layers.Any(l => l.Inputs[1] == weight))
                throw new ModelException(
                    $"weight '{weight}' is none of a convolution without groups or of a Gemm; leave it out of 'weights'"
                );
        return
        [
            .. layers.Select(l => new PlannedChange(
                l.Name,
                Options.Scale == ActivationScale.Mean
                    ? "binarize the input, scaled by its mean magnitude"
                    : "read signs",
                network => Insert(network, network.Graph.Producer(l.Outputs[0])!)
            )),
        ];
    }

    private Network Insert(Network network, Node layer)
    {
        var rewriter = new NetworkRewriter(network);
        string at = layer.Name,
            x = layer.Inputs[0],
            positive = rewriter.UniqueName($"{at}.positive"),
            signs = rewriter.UniqueName($"{at}.signs");
        string zero = rewriter.AddWeight($"{at}.zero", Tensor.Scalar(0f)),
            one = rewriter.AddWeight($"{at}.one", Tensor.Scalar(1f)),
            minusOne = rewriter.AddWeight($"{at}.minus-one", Tensor.Scalar(-1f));
        Node[] sign =
        [
            new(rewriter.UniqueName($"{at}.compare"), new GreaterOrEqual(Attributes.None), [x, zero], [positive]),
            new(rewriter.UniqueName($"{at}.sign"), new Where(Attributes.None), [positive, one, minusOne], [signs]),
        ];
        Node signed = layer with { Inputs = layer.Inputs.SetItem(0, signs) };
        if (Options.Scale == ActivationScale.None)
            rewriter.Replace(layer, [.. sign, signed]);
        else
        {
            string counts = rewriter.UniqueName($"{at}.counts");
            Node[] magnitudes = [.. Magnitudes(network, layer, rewriter)];
            rewriter.Replace(
                layer,
                [
                    .. sign,
                    .. magnitudes,
                    signed with
                    {
                        Outputs = [counts],
                    },
                    new Node(
                        rewriter.UniqueName($"{at}.scale"),
                        new Mul(Attributes.None),
                        [counts, magnitudes[^1].Outputs[0]],
                        layer.Outputs
                    ),
                ]
            );
        }
        return rewriter.ToNetwork();
    }

    /// <summary>K: the mean over channels, and of a convolution over its window.</summary>
    private static IEnumerable<Node> Magnitudes(Network network, Node layer, NetworkRewriter rewriter)
    {
        string at = layer.Name,
            magnitudes = rewriter.UniqueName($"{at}.magnitudes"),
            means = rewriter.UniqueName($"{at}.means"),
            axis = rewriter.AddWeight($"{at}.axis", Tensor.Vector(1L));
        yield return new Node(
            rewriter.UniqueName($"{at}.abs"),
            new Abs(Attributes.None),
            [layer.Inputs[0]],
            [magnitudes]
        );
        yield return new Node(
            rewriter.UniqueName($"{at}.mean"),
            new ReduceMean(new Attributes(("keepdims", 1L))),
            [magnitudes, axis],
            [means]
        );
        if (layer.Operator is not Conv conv)
            yield break;
        ImmutableArray<long> kernel =
        [
            .. network.Weights[layer.Inputs[1]].Encoding.Shape.Dims.Skip(2).Select(d => (long)d),
        ];
        var attributes = new List<(string, object)> { ("kernel_shape", kernel), ("count_include_pad", 1L) };
        foreach (var (name, value) in conv.Attributes)
            if (name is "strides" or "pads" or "dilations" or "auto_pad")
                attributes.Add((name, value));
        yield return new Node(
            rewriter.UniqueName($"{at}.window"),
            new AveragePool(new Attributes([.. attributes])),
            [means],
            [rewriter.UniqueName($"{at}.k")]
        );
    }
}

/// <summary>Options of binary activations.</summary>
public sealed record BinaryActivationsOptions : TechniqueOptions
{
    /// <summary>What a layer's output is multiplied by.</summary>
    public ActivationScale Scale { get; init; } = ActivationScale.Mean;
}

/// <summary>What the output of a layer that reads signs is multiplied by.</summary>
public enum ActivationScale
{
    /// <summary>K, the mean magnitude of what the layer read.</summary>
    Mean,

    /// <summary>Nothing.</summary>
    None,
}
