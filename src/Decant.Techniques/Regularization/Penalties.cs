using Decant.Core;
using Decant.Techniques.Groups;
using Decant.Torch;

namespace Decant.Techniques.Regularization;

/// <summary>A penalty R on a weight, for the loss or as a step of its own.</summary>
internal abstract class WeightPenalty
{
    /// <summary>R(w), one number, recorded for gradients.</summary>
    public abstract TorchTensor Of(TorchTensor weight);

    /// <summary>The proximal step, in place: argmin_x ½‖x − w‖² + step · R(x).</summary>
    /// <param name="parameter">The numbers that are free; changed.</param>
    /// <param name="weight">The weight that they make, of the same shape: zeros where a mask is zero.</param>
    /// <param name="step">Learning rate times strength.</param>
    /// <exception cref="NotSupportedException">The penalty has no such step; recipes cannot ask for it.</exception>
    public virtual void Shrink(TorchTensor parameter, TorchTensor weight, double step) =>
        throw new NotSupportedException("this penalty has no proximal step");

    /// <summary>The penalty of the options on a weight of a network.</summary>
    /// <exception cref="ModelException">It needs groups, and what reads the weight does not tell them.</exception>
    public static WeightPenalty For(WeightRegularizationOptions options, Network network, Weight weight) =>
        options.Kind switch
        {
            RegularizationKind.L1 => new L1Penalty(),
            RegularizationKind.L2 => new L2Penalty(),
            RegularizationKind.HansonPratt => new HansonPrattPenalty(options.W0),
            RegularizationKind.Grid => new GridPenalty(options.Bits!.Value),
            RegularizationKind.Range => new RangePenalty(),
            RegularizationKind.Ternary => new TernaryPenalty(),
            _ => GroupPenalty.Of(WeightAxes.Of(network, weight), options),
        };
}

/// <summary>Σ |w|; its proximal step is soft thresholding, sign(w) · max(0, |w| − step).</summary>
internal sealed class L1Penalty : WeightPenalty
{
    /// <inheritdoc/>
    public override TorchTensor Of(TorchTensor weight) => weight.Abs().Sum();

    /// <inheritdoc/>
    // w − clamp(w, −step, step): the same, and never a negative zero.
    public override void Shrink(TorchTensor parameter, TorchTensor weight, double step) =>
        parameter.Sub_(parameter.Clamp(-step, step));
}

/// <summary>Σ w²; its proximal step is w / (1 + 2 · step), decoupled weight decay.</summary>
internal sealed class L2Penalty : WeightPenalty
{
    /// <inheritdoc/>
    public override TorchTensor Of(TorchTensor weight) => weight.Mul(weight).Sum();

    /// <inheritdoc/>
    public override void Shrink(TorchTensor parameter, TorchTensor weight, double step) =>
        parameter.Mul_(1 / (1 + 2 * step));
}

/// <summary>
/// Group lasso: Σ_k f_k Σ_g c ‖w_g‖₂ over one or more ways k to group a weight, c being 1 or the root of the
/// group's size (Yuan, Lin 2006). Its proximal step is group soft thresholding, w_g · max(0, 1 − step · f c /
/// ‖w_g‖), for one way after the other.
/// </summary>
internal sealed class GroupPenalty(IReadOnlyList<(WeightGroups Groups, double Factor)> ways) : WeightPenalty
{
    /// <summary>The penalty of the options on a weight of such axes.</summary>
    public static GroupPenalty Of(WeightAxes axes, WeightRegularizationOptions options) =>
        new([
            .. options.Groups.Select(way =>
            {
                WeightGroups groups = axes.By(way.Kind);
                return (groups, way.Factor * (options.BySize ? Math.Sqrt(groups.Size) : 1));
            }),
        ]);

    /// <inheritdoc/>
    public override TorchTensor Of(TorchTensor weight)
    {
        TorchTensor? sum = null;
        foreach (var (groups, factor) in ways)
        {
            TorchTensor part = groups.Norms(weight).Sum().Mul(factor);
            sum = sum is null ? part : sum.Add(part);
        }
        return sum!;
    }

    /// <inheritdoc/>
    public override void Shrink(TorchTensor parameter, TorchTensor weight, double step)
    {
        foreach (var (groups, factor) in ways)
        {
            TorchTensor scale = groups.Norms(weight).Pow(-1).Mul(-step * factor).Add(1).Clamp(min: 0);
            foreach (
                TorchTensor numbers in ReferenceEquals(parameter, weight) ? [parameter] : new[] { parameter, weight }
            )
            {
                numbers.View(groups.Sizes).Mul_(scale);
                // A negative number times zero is a negative zero; this makes it the one zero.
                numbers.Add_(0.0);
            }
        }
    }
}

/// <summary>
/// Σ (w/w₀)² / (1 + (w/w₀)²): a parabola near zero and a constant far from it, so that decay, 2w/w₀² / (1 +
/// (w/w₀)²)², falls on the numbers below w₀ (biased weight decay: Hanson, Pratt 1989; with w₀: Weigend,
/// Rumelhart, Huberman 1991).
/// It has no proximal step.
/// </summary>
internal sealed class HansonPrattPenalty(double w0) : WeightPenalty
{
    /// <inheritdoc/>
    public override TorchTensor Of(TorchTensor weight)
    {
        TorchTensor squares = weight.Mul(weight).Mul(1 / (w0 * w0));
        return squares.Div(squares.Add(1)).Sum();
    }
}

/// <summary>max w − min w: keeps the range that a quantizer must cover tight.</summary>
internal sealed class RangePenalty : WeightPenalty
{
    /// <inheritdoc/>
    public override TorchTensor Of(TorchTensor weight) => weight.Max().Sub(weight.Min());
}

/// <summary>
/// Σ w²·|1 − w²|: zero at −1, 0 and 1, to which it draws numbers; beyond 1 it grows, where w²(1 − w²) would
/// fall without end.
/// </summary>
internal sealed class TernaryPenalty : WeightPenalty
{
    /// <inheritdoc/>
    public override TorchTensor Of(TorchTensor weight)
    {
        TorchTensor squares = weight.Mul(weight);
        return squares.Mul(squares.Neg().Add(1).Abs()).Sum();
    }
}

/// <summary>
/// Σ |w − q(w)|, q(w) the nearest number on a grid of some bits about 0 that reaches to the greatest |w|: draws
/// numbers to where quantization will put them. The grid's step does not count for the gradient.
/// </summary>
internal sealed class GridPenalty(int bits) : WeightPenalty
{
    private const double Least = 1e-12;

    /// <inheritdoc/>
    public override TorchTensor Of(TorchTensor weight)
    {
        TorchTensor fixedWeight = weight.Detach(),
            step = fixedWeight.Abs().Max().Div((1 << (bits - 1)) - 1).Clamp(min: Least);
        return weight.Sub(fixedWeight.Div(step).Round().Mul(step)).Abs().Sum();
    }
}
