using Decant.Core;

namespace Decant.Zoo;

/// <summary>The numbers that layers start with, each weight's decided by the seed and its name.</summary>
internal sealed class InitialWeights(ulong seed)
{
    private readonly List<Weight> weights = [];
    private readonly Dictionary<string, Tensor> values = new(StringComparer.Ordinal);

    /// <summary>All that were made, in order.</summary>
    public IReadOnlyList<Weight> All => weights;

    /// <summary>The numbers of a weight that was made; null if there is none of that name.</summary>
    public Tensor? Find(string name) => values.GetValueOrDefault(name);

    /// <summary>Uniform within ±1/√fan-in, as PyTorch's layers start (He et al. 2015, with a = √5).</summary>
    /// <returns>The weight's name.</returns>
    public string Uniform(string name, Shape shape, long fanIn)
    {
        double bound = 1 / Math.Sqrt(fanIn);
        return Drawn(name, shape, rng => rng.NextDouble(-bound, bound));
    }

    /// <summary>Normal of variance 2 / fan-out (He et al. 2015, eq. 14), as the published residual and VGG networks start.</summary>
    /// <returns>The weight's name.</returns>
    public string Normal(string name, Shape shape, long fanOut)
    {
        double deviation = Math.Sqrt(2.0 / fanOut);
        return Drawn(name, shape, rng => rng.NextNormal() * deviation);
    }

    /// <summary>A vector of one number.</summary>
    /// <returns>The weight's name.</returns>
    public string Same(string name, int count, float value)
    {
        var numbers = new float[count];
        numbers.AsSpan().Fill(value);
        return Add(name, Tensor.Vector(numbers));
    }

    /// <summary>Integers that say how an operator works.</summary>
    /// <returns>The weight's name.</returns>
    public string Integers(string name, params long[] integers) => Add(name, Tensor.Vector(integers));

    private string Drawn(string name, Shape shape, Func<Rng, double> next)
    {
        Rng rng = Rng.For(seed, "initial", name);
        var numbers = new float[shape.Count];
        for (int i = 0; i < numbers.Length; i++) numbers[i] = (float)next(rng);
        return Add(name, Tensor.Of(shape, numbers));
    }

    private string Add(string name, Tensor numbers)
    {
        weights.Add(new Weight(name, numbers));
        values.Add(name, numbers);
        return name;
    }
}
