using Decant.Core;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.FixedPoint;

/// <summary>
/// Numbers of a few bits with the point at one place (Gupta et al.: *Deep Learning with Limited Numerical Precision*, 2015), or at one for each
/// group, which moves (Courbariaux, Bengio, David: *Training Deep Neural Networks with Low Precision Multiplications*, 2014): weights after
/// training, and weights, values between layers and gradients while a stage trains.
/// </summary>
public sealed class FixedPoint(FixedPointOptions options) : Technique
{
    /// <inheritdoc/>
    public override string Name => "fixed-point";

    /// <inheritdoc/>
    public override bool NeedsTraining => !options.Weights;

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context) => context.Trains || !options.Weights ? [] :
    [
        .. context.Weights.Select(w => PlannedChange.OfWeight(w.Name, $"to fixed point of {options.Bits} bits", () =>
        {
            Tensor values = FiniteWeights.Of(w, "held to fixed point");
            return (options.Fraction is { } f ? new FixedPointFormat(options.Bits, f) : FixedPointFormat.Holding(Largest(values), options.Bits)).Encode(values);
        })),
    ];

    /// <inheritdoc/>
    public override TrainingHook During(TechniqueContext context) => new FixedPointHook(context, options);

    private static double Largest(Tensor values)
    {
        double largest = 0;
        foreach (float v in values.Span<float>()) largest = Math.Max(largest, Math.Abs(v));
        return largest;
    }
}
