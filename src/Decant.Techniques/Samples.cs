using Decant.Core;
using Decant.Data;

namespace Decant.Techniques;

/// <summary>
/// The images that a technique looks at: some of the run's, drawn by seed, in the order in which they lie.
/// </summary>
public static class Samples
{
    /// <summary>At most <paramref name="count"/> of the training images.</summary>
    /// <param name="context">Whose.</param>
    /// <param name="count">How many.</param>
    /// <param name="what">What needs them, for the error.</param>
    /// <exception cref="DataException">The run has none.</exception>
    public static IDataSource Of(TechniqueContext context, int count, string what)
    {
        IDataSource data = context.NeedData(what);
        if (data.Count <= count)
            return data;
        int[] chosen = Order(data.Count, count, context.Seed);
        Array.Sort(chosen);
        return data.Take(chosen);
    }

    /// <summary>
    /// Which examples are looked at, in order, drawn by seed: fewer are always the first of more.
    /// </summary>
    /// <param name="all">How many examples there are.</param>
    /// <param name="count">How many are looked at, at most.</param>
    /// <param name="seed">Decides which.</param>
    public static int[] Order(int all, int count, ulong seed)
    {
        int[] order = [.. Enumerable.Range(0, all)];
        Rng.For(seed, "criterion-samples").Shuffle<int>(order);
        return order[..Math.Min(count, all)];
    }
}

/// <summary>Values of weights, for techniques that need them finite.</summary>
internal static class FiniteWeights
{
    /// <summary>Checks weights, and the other parameters, such as biases, of the nodes that read them.</summary>
    /// <param name="network">The network.</param>
    /// <param name="weights">Some of its weights.</param>
    /// <param name="treated">What is done to them, such as "quantized".</param>
    /// <exception cref="ModelException">A value is not finite; the weight and the place are named.</exception>
    public static void CheckLayers(Network network, IEnumerable<Weight> weights, string treated) =>
        CheckNodes(network, weights.SelectMany(w => network.Graph.Consumers(w.Name)), treated);

    /// <summary>Checks the parameters of nodes.</summary>
    /// <exception cref="ModelException">A value is not finite; the weight and the place are named.</exception>
    public static void CheckNodes(Network network, IEnumerable<Node> nodes, string treated)
    {
        foreach (string input in nodes.SelectMany(n => n.Inputs).Distinct(StringComparer.Ordinal))
            if (network.Weights.TryGet(input, out Weight? weight) && weight.IsTrainable)
                Of(weight, treated);
    }

    /// <summary>A weight's values.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="treated">What is done to it, such as "quantized".</param>
    /// <exception cref="ModelException">They are no floats, or one is not finite; the weight and the place are
    /// named.</exception>
    public static Tensor Of(Weight weight, string treated)
    {
        if (weight.Encoding.Type != ElementType.Float32)
            throw new ModelException(
                $"weight '{weight.Name}' is {weight.Encoding.Type} {weight.Encoding.Shape}; only floats "
                    + $"can be {treated}: leave it out of 'weights'"
            );
        Tensor values = weight.Encoding.Decode();
        ReadOnlySpan<float> floats = values.Span<float>();
        for (int i = 0; i < floats.Length; i++)
            if (!float.IsFinite(floats[i]))
                throw new ModelException(
                    $"weight '{weight.Name}' holds {floats[i]} at {i}; only finite weights can be "
                        + $"{treated}: leave it out of 'weights', or mend the model"
                );
        return values;
    }
}
