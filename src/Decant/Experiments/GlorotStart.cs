using Decant.Core;

namespace Decant.Experiments;

/// <summary>The start of the lottery papers: weights normal with variance 2 / (inputs + outputs) (Glorot, Bengio 2010), biases zero.</summary>
internal static class GlorotStart
{
    /// <summary>The network with fresh initial values.</summary>
    /// <param name="network">A network of fully connected layers.</param>
    /// <param name="seed">Decides the values.</param>
    public static Network Of(Network network, ulong seed) => network.With(network.Weights.Where(w => w.IsTrainable).ToDictionary(w => w.Name, Encoding (w) => Draw(w, seed)));

    private static DenseEncoding Draw(Weight weight, ulong seed)
    {
        Shape shape = weight.Encoding.Shape;
        var values = new float[shape.Count];
        if (shape.Rank < 2) return new DenseEncoding(Tensor.Of(shape, values));
        Rng rng = Rng.For(seed, "glorot", weight.Name);
        double deviation = Math.Sqrt(2.0 / (shape[0] + shape[1]));
        for (int i = 0; i < values.Length; i++) values[i] = (float)(deviation * rng.NextNormal());
        return new DenseEncoding(Tensor.Of(shape, values));
    }
}
