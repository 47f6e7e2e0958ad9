using Decant.Core;

namespace Decant.Techniques;

/// <summary>Numbers of weights, for techniques that cannot do with infinities.</summary>
internal static class FiniteWeights
{
    /// <summary>A weight's numbers.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="treated">What is done to it, such as "quantized".</param>
    /// <exception cref="ModelException">They are no floats, or one is not finite; the weight and the place are named.</exception>
    public static Tensor Of(Weight weight, string treated)
    {
        if (weight.Encoding.Type != ElementType.Float32) throw new ModelException($"weight '{weight.Name}' is {weight.Encoding.Type} {weight.Encoding.Shape}; only floats can be {treated}: leave it out of 'weights'");
        Tensor values = weight.Encoding.Decode();
        ReadOnlySpan<float> numbers = values.Span<float>();
        for (int i = 0; i < numbers.Length; i++)
            if (!float.IsFinite(numbers[i])) throw new ModelException($"weight '{weight.Name}' holds {numbers[i]} at {i}; only finite numbers can be {treated}: leave it out of 'weights', or mend the model");
        return values;
    }
}
