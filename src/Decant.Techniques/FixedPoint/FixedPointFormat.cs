using Decant.Core;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.FixedPoint;

/// <summary>
/// Whole multiples of 2^−fraction in so many bits with sign: from −2^(bits − 1 − fraction) to that less one
/// step.
/// </summary>
/// <param name="Bits">2 to 32.</param>
/// <param name="Fraction">Bits behind the point; may be negative, or more than there are bits.</param>
internal readonly record struct FixedPointFormat(int Bits, int Fraction)
{
    /// <summary>The distance of neighbours.</summary>
    public double Step => Math.ScaleB(1, -Fraction);

    /// <summary>The greatest number.</summary>
    public double Greatest => (Math.ScaleB(1, Bits - 1) - 1) * Step;

    /// <summary>The least number.</summary>
    public double Least => -Math.ScaleB(1, Bits - 1) * Step;

    /// <summary>The format of so many bits that just holds a magnitude.</summary>
    public static FixedPointFormat Holding(double magnitude, int bits) =>
        new(bits, magnitude > 0 ? Math.Clamp(bits - 1 - (int)Math.Floor(Math.Log2(magnitude)) - 1, -60, 60) : bits - 1);

    /// <summary>
    /// Numbers in this format, those beyond it held at its ends: the nearest, halves to even, or the one below or above
    /// drawn with the probability of its nearness, so that the expectation is the number itself (Gupta, Agrawal,
    /// Gopalakrishnan, Narayanan 2015, section 3.1).
    /// </summary>
    public TorchTensor Round(TorchTensor x, bool isDrawn)
    {
        TorchTensor steps = x.Mul(1 / Step);
        return (isDrawn ? Drawn(steps) : steps.Round()).Mul(Step).Clamp(Least, Greatest);
    }

    private static TorchTensor Drawn(TorchTensor steps)
    {
        TorchTensor below = steps.Floor();
        return below.Add(1).Sub(Ops.Rand(steps.Shape).Ge(steps.Sub(below)).To(steps.Type));
    }

    /// <summary>A weight in this format, of 16 bits at most.</summary>
    public LinearEncoding Encode(Tensor values)
    {
        double step = Step,
            least = -Math.ScaleB(1, Bits - 1),
            greatest = -least - 1;
        int[] codes = Array.ConvertAll(values.Array<float>(), v =>
            (int)Math.Clamp(Math.Round(v / step), least, greatest)
        );
        return LinearEncoding.Of(values.Shape, Bits, codes, [(float)step], []);
    }
}

/// <summary>
/// Numbers that are kept in a group's finer format while they train, and that the network sees in its own.
/// </summary>
internal sealed class FixedPointParameterization : WeightParameterization
{
    private readonly Shape shape;
    private readonly FixedPointGroup group;
    private readonly TorchTensor? mask;

    /// <summary>Begins at a weight.</summary>
    /// <param name="values">Its numbers.</param>
    /// <param name="group">Its format.</param>
    /// <param name="isPruned">Whether what is zero stays so.</param>
    public FixedPointParameterization(Tensor values, FixedPointGroup group, bool isPruned)
    {
        (shape, this.group) = (values.Shape, group);
        Parameter = Leaf(values.Span<float>(), shape);
        if (isPruned)
            mask = TorchTensor
                .From<float>(Array.ConvertAll(values.Array<float>(), v => v == 0 ? 0f : 1f), Parameter.Shape)
                .Keep();
    }

    /// <inheritdoc/>
    public override TorchTensor Parameter { get; }

    /// <inheritdoc/>
    public override TorchTensor Effective() =>
        group.Format == group.Updates
            ? Parameter
            : StraightThrough.As(group.Format.Round(Parameter.Detach(), isDrawn: false), Parameter);

    /// <inheritdoc/>
    public override TorchTensor Evaluated() => group.Format.Round(Parameter.Detach(), isDrawn: false);

    /// <summary>Brings the numbers to the format they are kept in.</summary>
    public void Keep(bool isDrawn)
    {
        TorchTensor kept = group.Seen(Parameter).Updates.Round(Parameter.Detach(), isDrawn);
        Parameter.Copy_(mask is null ? kept : kept.Mul(mask));
    }

    /// <inheritdoc/>
    public override Encoding ToEncoding() => group.Format.Encode(Tensor.Of(shape, Parameter.ToArray<float>()));

    /// <inheritdoc/>
    public override void Dispose()
    {
        Parameter.Dispose();
        mask?.Dispose();
    }
}
