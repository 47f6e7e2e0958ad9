using Decant.Torch;

namespace Decant.Techniques.FixedPoint;

/// <summary>
/// Numbers that share a format: a layer's weights, its values, or the gradients of either. Where the point may move, it
/// does so that no more than a share of the numbers overflow (Courbariaux, Bengio, David 2014, section 5): to the right
/// after any step in which more do, to the left after so many steps in which no more would.
/// </summary>
internal sealed class FixedPointGroup(FixedPointSettings options)
{
    /// <summary>How many numbers <see cref="State"/> has.</summary>
    public const int StateCount = 3;

    private int fraction = options.Fraction ?? 0;
    private bool isPlaced = options.Fraction is not null;
    private double overHalf;
    private bool overflows;

    /// <summary>The format now.</summary>
    public FixedPointFormat Format => new(options.Bits, fraction);

    /// <summary>The format in which weights are kept between steps: as far, finer where there are more bits.</summary>
    public FixedPointFormat Updates => new(options.UpdateBits, fraction + options.UpdateBits - options.Bits);

    /// <summary>
    /// What a checkpoint holds: the point, whether it is placed, and the share that would overflow with one bit more
    /// behind the point, summed over steps.
    /// </summary>
    public (float Fraction, float IsPlaced, float OverHalf) State
    {
        get => (fraction, isPlaced ? 1 : 0, (float)overHalf);
        set =>
            (fraction, isPlaced, overHalf, overflows) = (
                (int)value.Fraction,
                value.IsPlaced != 0,
                value.OverHalf,
                false
            );
    }

    /// <summary>Numbers in the format; the first ones place the point.</summary>
    public TorchTensor Round(TorchTensor x) => Seen(x).Format.Round(x, options.IsDrawn);

    /// <summary>Counts numbers that overflow, and places the point by the first.</summary>
    public FixedPointGroup Seen(TorchTensor x)
    {
        if (options.Fraction is not null)
            return this;
        TorchTensor size = x.Detach().Abs();
        if (!isPlaced)
            (fraction, isPlaced) = (FixedPointFormat.Holding(size.Max().ToDouble(), options.Bits).Fraction, true);
        double limit = Format.Greatest + Format.Step / 2;
        overflows |= Share(size, limit) > options.Overflow;
        overHalf += Share(size, limit / 2);
        return this;
    }

    /// <summary>Moves the point after a step.</summary>
    /// <param name="step">Steps done.</param>
    public void Move(long step)
    {
        if (!isPlaced)
            return;
        bool isDue = step % options.Every == 0;
        if (overflows)
            fraction--;
        else if (isDue && overHalf <= options.Overflow * options.Every)
            fraction++;
        if (overflows || isDue)
            overHalf = 0;
        (fraction, overflows) = (Math.Clamp(fraction, -60, 60), false);
    }

    private static double Share(TorchTensor size, double limit) =>
        size.Ge(limit).To(TorchType.Float32).Mean().ToDouble();
}
