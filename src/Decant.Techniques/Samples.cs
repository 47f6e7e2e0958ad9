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
    public static LabelledImages Of(TechniqueContext context, int count, string what)
    {
        LabelledImages data = context.NeedData(what);
        if (data.Count <= count)
            return data;
        int[] order = [.. Enumerable.Range(0, data.Count)];
        Rng.For(context.Seed, "criterion-samples").Shuffle<int>(order);
        int[] chosen = order[..count];
        Array.Sort(chosen);
        return data.Take(chosen);
    }
}

/// <summary>Numbers of weights, for techniques that cannot do with infinities.</summary>
internal static class FiniteWeights
{
    /// <summary>A weight's numbers.</summary>
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
        ReadOnlySpan<float> numbers = values.Span<float>();
        for (int i = 0; i < numbers.Length; i++)
            if (!float.IsFinite(numbers[i]))
                throw new ModelException(
                    $"weight '{weight.Name}' holds {numbers[i]} at {i}; only finite numbers can be "
                        + $"{treated}: leave it out of 'weights', or mend the model"
                );
        return values;
    }
}
