using System.Collections.Immutable;
using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Techniques.Binarization;

/// <summary>
/// Lets layers read signs (XNOR-Net: Rastegari et al. 2016, section 3.2): Where(x ≥ 0, 1, −1) before them, and behind
/// them a factor K, the mean of |x| over channels and over the window. In training the gradient of a sign is that of x
/// held within −1 and 1. Where the weight is binary, the runtime counts bits.
/// </summary>
public sealed class BinaryActivations(BinaryActivationsOptions options) : Technique
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
                options.Scales ? "read signs, times the mean magnitude" : "read signs",
                network => Insert(network, l)
            )),
        ];
    }

    private Network Insert(Network network, Node layer)
    {
        string at = layer.Name,
            x = layer.Inputs[0],
            y = layer.Outputs[0];
        var before = new List<Node>
        {
            new($"{at}.compare", new GreaterOrEqual(Attributes.None), [x, $"{at}.zero"], [$"{at}.positive"]),
            new(
                $"{at}.sign",
                new Where(Attributes.None),
                [$"{at}.positive", $"{at}.one", $"{at}.minus-one"],
                [$"{at}.signs"]
            ),
        };
        if (options.Scales)
            before.AddRange(Magnitudes(network, layer));
        Node signed = layer with
        {
            Inputs = layer.Inputs.SetItem(0, $"{at}.signs"),
            Outputs = options.Scales ? [$"{at}.counts"] : layer.Outputs,
        };
        Node[] after = options.Scales
            ? [new Node($"{at}.scale", new Mul(Attributes.None), [$"{at}.counts", $"{at}.k"], [y])]
            : [];
        Weight[] constants =
        [
            new($"{at}.zero", Tensor.Scalar(0f)),
            new($"{at}.one", Tensor.Scalar(1f)),
            new($"{at}.minus-one", Tensor.Scalar(-1f)),
            .. options.Scales ? [new Weight($"{at}.axis", Tensor.Vector(1L))] : Array.Empty<Weight>(),
        ];
        return network.Rebuilt(n => n.Name == layer.Name ? [.. before, signed, .. after] : [n], constants);
    }

    /// <summary>K: the mean over channels, and of a convolution over its window.</summary>
    private static IEnumerable<Node> Magnitudes(Network network, Node layer)
    {
        string at = layer.Name;
        yield return new Node($"{at}.abs", new Abs(Attributes.None), [layer.Inputs[0]], [$"{at}.magnitudes"]);
        bool windowed = layer.Operator is Conv;
        yield return new Node(
            $"{at}.mean",
            new ReduceMean(new Attributes(("keepdims", 1L))),
            [$"{at}.magnitudes", $"{at}.axis"],
            [windowed ? $"{at}.means" : $"{at}.k"]
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
            $"{at}.window",
            new AveragePool(new Attributes([.. attributes])),
            [$"{at}.means"],
            [$"{at}.k"]
        );
    }
}

/// <summary>Options of binary activations.</summary>
/// <param name="Scales">Whether a layer's output is multiplied by K, the mean magnitude of what it read.</param>
public sealed record BinaryActivationsOptions(bool Scales)
{
    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">An option is wrong.</exception>
    public static BinaryActivationsOptions Read(TechniqueOptions options) =>
        new(options.Word("scale", "mean", "none") == "mean");
}
