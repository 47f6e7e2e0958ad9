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
public sealed class FixedPointQuantization(FixedPointOptions options) : Technique<FixedPointOptions>(options)
{
    private readonly FixedPointSettings settings = options.Settings;

    /// <inheritdoc/>
    public override string Name => "fixed-point";

    /// <inheritdoc/>
    public override bool NeedsTraining => !settings.Weights;

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context) =>
        context.Trains || !settings.Weights
            ? []
            :
            [
                .. context.Weights.Select(w =>
                    PlannedChange.OfWeight(w.Name, $"to fixed point of {settings.Bits} bits", () =>
                    {
                        Tensor values = FiniteWeights.Of(w, "held to fixed point");
                        return (
                            settings.Fraction is { } f
                                ? new FixedPointFormat(settings.Bits, f)
                                : FixedPointFormat.Holding(Largest(values), settings.Bits)
                        ).Encode(values);
                    })
                ),
            ];

    /// <inheritdoc/>
    public override TrainingHook During(TechniqueContext context) => new FixedPointHook(context, settings);

    private static double Largest(Tensor values)
    {
        double largest = 0;
        foreach (float v in values.Span<float>())
            largest = Math.Max(largest, Math.Abs(v));
        return largest;
    }
}

/// <summary>Options of fixed point.</summary>
public sealed record FixedPointOptions : TechniqueOptions
{
    /// <summary>Where the point is.</summary>
    public FixedPointPlace Point { get; init; } = FixedPointPlace.Fixed;

    /// <summary>Bits before the point, the sign among them.</summary>
    [OptionRange(1, 16)]
    [OnlyWith(nameof(Point), FixedPointPlace.Fixed)]
    public int Integer { get; init; } = 2;

    /// <summary>Bits behind the point.</summary>
    [OptionRange(0, 15)]
    [OnlyWith(nameof(Point), FixedPointPlace.Fixed)]
    public int Fraction { get; init; } = 14;

    /// <summary>Bits of a number with its sign.</summary>
    [OptionRange(2, 16)]
    [OnlyWith(nameof(Point), FixedPointPlace.Dynamic)]
    public int Bits { get; init; } = 10;

    /// <summary>Bits of trained weights between steps; null for 12, or <see cref="Bits"/> if more.</summary>
    [OptionRange(2, 24)]
    [OnlyWith(nameof(Point), FixedPointPlace.Dynamic)]
    public int? UpdateBits { get; init; }

    /// <summary>The share of numbers that may overflow before a group's point moves.</summary>
    [Share(0, 0.5)]
    [OnlyWith(nameof(Point), FixedPointPlace.Dynamic)]
    public double Overflow { get; init; } = 1e-4;

    /// <summary>Steps between moves of points.</summary>
    [OptionRange(1, 1_000_000)]
    [OnlyWith(nameof(Point), FixedPointPlace.Dynamic)]
    public int Every { get; init; } = 100;

    /// <summary>How numbers are rounded.</summary>
    public FixedPointRounding Rounding { get; init; } = FixedPointRounding.Nearest;

    /// <summary>What is held to fixed point.</summary>
    [Alias("numbers")]
    public ValueList<FixedPointTensors> Tensors { get; init; } =
    [FixedPointTensors.Weights, FixedPointTensors.Activations, FixedPointTensors.Gradients];

    /// <summary>The format and what it is for.</summary>
    internal FixedPointSettings Settings
    {
        get
        {
            bool isFixed = Point == FixedPointPlace.Fixed;
            int bits = isFixed ? Integer + Fraction : Bits;
            return new FixedPointSettings(
                bits,
                isFixed ? Fraction : null,
                isFixed ? bits : UpdateBits ?? Math.Max(bits, 12),
                Rounding == FixedPointRounding.Stochastic,
                Tensors.Contains(FixedPointTensors.Weights),
                Tensors.Contains(FixedPointTensors.Activations),
                Tensors.Contains(FixedPointTensors.Gradients),
                isFixed ? 0 : Overflow,
                isFixed ? 1 : Every
            );
        }
    }

    /// <inheritdoc/>
    public override void Validate()
    {
        if (Tensors.Count == 0)
            throw new OptionsException("tensors", "'tensors' must be one or more of weights, activations, gradients");
        int bits = Integer + Fraction;
        if (Point == FixedPointPlace.Fixed && bits is < 2 or > 16)
            throw new OptionsException(
                null,
                $"'integer: {Integer}' and 'fraction: {Fraction}' make {bits} bits; 2 to 16 are possible"
            );
        if (UpdateBits < Bits)
            throw new OptionsException(
                "update-bits",
                $"'update-bits: {UpdateBits}' must be a whole number from {Bits} to 24"
            );
    }
}

/// <summary>Where the point of fixed-point numbers is.</summary>
public enum FixedPointPlace
{
    /// <summary>At one place.</summary>
    Fixed,

    /// <summary>At one place for each group of numbers, which moves.</summary>
    Dynamic,
}

/// <summary>How numbers are rounded to fixed point.</summary>
public enum FixedPointRounding
{
    /// <summary>To the nearest.</summary>
    Nearest,

    /// <summary>Up or down, with a probability by the distance.</summary>
    Stochastic,
}

/// <summary>What is held to fixed point.</summary>
public enum FixedPointTensors
{
    /// <summary>Weights.</summary>
    Weights,

    /// <summary>Activations between layers.</summary>
    Activations,

    /// <summary>Gradients, of weights and of activations.</summary>
    Gradients,
}

/// <summary>A format of fixed point and what it is for.</summary>
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
internal sealed record FixedPointSettings(
    int Bits,
    int? Fraction,
    int UpdateBits,
    bool IsDrawn,
    bool Weights,
    bool Activations,
    bool Gradients,
    double Overflow,
    int Every
);
