using Decant.Core;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.FixedPoint;

/// <summary>
/// Numbers of a few bits with the point at one place (Gupta et al.: *Deep Learning with Limited Numerical Precision*,
/// 2015), or at one for each group, which moves (Courbariaux, Bengio, David: *Training Deep Neural Networks with Low
/// Precision Multiplications*, 2014): weights after training, and weights, values between layers and gradients while a
/// stage trains.
/// </summary>
public sealed class FixedPoint(FixedPointOptions options) : Technique
{
    /// <inheritdoc/>
    public override string Name => "fixed-point";

    /// <inheritdoc/>
    public override bool NeedsTraining => !options.Weights;

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context) =>
        context.Trains || !options.Weights
            ? []
            :
            [
                .. context.Weights.Select(w =>
                    PlannedChange.OfWeight(w.Name, $"to fixed point of {options.Bits} bits", () =>
                    {
                        Tensor values = FiniteWeights.Of(w, "held to fixed point");
                        return (
                            options.Fraction is { } f
                                ? new FixedPointFormat(options.Bits, f)
                                : FixedPointFormat.Holding(Largest(values), options.Bits)
                        ).Encode(values);
                    })
                ),
            ];

    /// <inheritdoc/>
    public override TrainingHook During(TechniqueContext context) => new FixedPointHook(context, options);

    private static double Largest(Tensor values)
    {
        double largest = 0;
        foreach (float v in values.Span<float>())
            largest = Math.Max(largest, Math.Abs(v));
        return largest;
    }
}

/// <summary>Options of fixed point.</summary>
/// <param name="Bits">Bits of a number with its sign.</param>
/// <param name="Fraction">Of these, bits behind the point; null where each group of numbers has its own, which
/// moves.</param>
/// <param name="UpdateBits">Bits in which trained weights are kept between steps.</param>
/// <param name="IsDrawn">Whether rounding is stochastic.</param>
/// <param name="Weights">Whether weights are held to it.</param>
/// <param name="Activations">Whether values between layers are.</param>
/// <param name="Gradients">Whether gradients are, of weights and of values.</param>
/// <param name="Overflow">The share of numbers that may overflow before a group's point moves.</param>
/// <param name="Every">Steps between moves of points.</param>
public sealed record FixedPointOptions(
    int Bits,
    int? Fraction,
    int UpdateBits,
    bool IsDrawn,
    bool Weights,
    bool Activations,
    bool Gradients,
    double Overflow,
    int Every
)
{
    private static readonly string[] Kinds = ["weights", "activations", "gradients"];

    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">An option is out of range.</exception>
    public static FixedPointOptions Read(TechniqueOptions options)
    {
        bool isDynamic = options.Word("point", "fixed", "dynamic") == "dynamic";
        IReadOnlyList<string> numbers = options.Names("numbers") is { Count: > 0 } given ? given : Kinds;
        foreach (string name in numbers)
            if (!Kinds.Contains(name))
                throw options.Error("numbers", $"'numbers: {name}' must be one or more of {string.Join(", ", Kinds)}");
        bool isDrawn = options.Word("rounding", "nearest", "stochastic") == "stochastic";
        (int bits, int? fraction) = isDynamic ? (options.Integer("bits", 2, 16, 10), (int?)null) : OfParts(options);
        return new(
            bits,
            fraction,
            isDynamic ? options.Integer("update-bits", bits, 24, Math.Max(bits, 12)) : bits,
            isDrawn,
            numbers.Contains(Kinds[0]),
            numbers.Contains(Kinds[1]),
            numbers.Contains(Kinds[2]),
            isDynamic ? options.Number("overflow", 0, 0.5, 1e-4) : 0,
            isDynamic ? options.Integer("every", 1, 1_000_000, 100) : 1
        );
    }

    private static (int Bits, int? Fraction) OfParts(TechniqueOptions options)
    {
        int integer = options.Integer("integer", 1, 16, 2),
            fraction = options.Integer("fraction", 0, 15, 14),
            bits = integer + fraction;
        if (bits is < 2 or > 16)
            throw options.Error(
                null,
                $"'integer: {integer}' and 'fraction: {fraction}' make {bits} bits; 2 to 16 are possible"
            );
        return (bits, fraction);
    }
}
