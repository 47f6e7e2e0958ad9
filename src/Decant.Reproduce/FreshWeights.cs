using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Reproduce;

/// <summary>
/// An architecture with its numbers drawn anew: each layer uniform within ±1/√fan-in, as PyTorch's layers start (He
/// et al. 2015), each normalization the identity.
/// </summary>
internal sealed class FreshWeights
{
    private readonly Dictionary<string, Encoding> drawn = new(StringComparer.Ordinal);
    private readonly Network network;
    private readonly ulong seed;

    private FreshWeights(Network network, ulong seed) => (this.network, this.seed) = (network, seed);

    /// <summary>Draws the numbers of all layers; weights of other operators stay.</summary>
    public static Network Of(Network network, ulong seed)
    {
        var fresh = new FreshWeights(network, seed);
        foreach (Node node in network.Nodes)
            fresh.Draw(node);
        return network.With(fresh.drawn);
    }

    private void Draw(Node node)
    {
        switch (node.Operator)
        {
            case BatchNormalization:
                foreach (var (input, value) in new[] { (1, 1f), (2, 0f), (3, 0f), (4, 1f) })
                    Fill(node.Inputs[input], value);
                break;
            case LinearOperator layer
                when network.Weights.TryGet(node.Inputs[1], out Weight? weight)
                    && layer.AxesOf(1, weight.Encoding.Shape) is { } axes:
                double bound = 1 / Math.Sqrt(axes.Sizes[axes.Input] * axes.Kernel);
                for (int i = 1; i < node.Inputs.Length; i++)
                    Uniform(node.Inputs[i], bound);
                break;
        }
    }

    private void Fill(string name, float value)
    {
        if (!network.Weights.TryGet(name, out Weight? weight))
            return;
        Tensor numbers = Tensor.Zeros(ElementType.Float32, weight.Encoding.Shape);
        numbers.Span<float>().Fill(value);
        drawn[name] = new DenseEncoding(numbers);
    }

    private void Uniform(string name, double bound)
    {
        if (!network.Weights.TryGet(name, out Weight? weight))
            return;
        Rng rng = Rng.For(seed, "fresh", name);
        Tensor numbers = Tensor.Zeros(ElementType.Float32, weight.Encoding.Shape);
        foreach (ref float number in numbers.Span<float>())
            number = (float)rng.NextDouble(-bound, bound);
        drawn[name] = new DenseEncoding(numbers);
    }
}

/// <summary>
/// The start of the lottery papers: weights normal with variance 2 / (inputs + outputs) (Glorot, Bengio 2010), biases
/// zero.
/// </summary>
internal static class GlorotStart
{
    /// <summary>The network with fresh initial values.</summary>
    /// <param name="network">A network of fully connected layers.</param>
    /// <param name="seed">Decides the values.</param>
    public static Network Of(Network network, ulong seed) =>
        network.With(
            network
                .Weights.Where(w => w.IsTrainable)
                .ToDictionary(w => w.Name, Encoding (w) => Draw(w, seed), StringComparer.Ordinal)
        );

    private static DenseEncoding Draw(Weight weight, ulong seed)
    {
        Shape shape = weight.Encoding.Shape;
        var values = new float[shape.Count];
        if (shape.Rank < 2)
            return new DenseEncoding(Tensor.Of(shape, values));
        Rng rng = Rng.For(seed, "glorot", weight.Name);
        double deviation = Math.Sqrt(2.0 / (shape[0] + shape[1]));
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(deviation * rng.NextNormal());
        return new DenseEncoding(Tensor.Of(shape, values));
    }
}
