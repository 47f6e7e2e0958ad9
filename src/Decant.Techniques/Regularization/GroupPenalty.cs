using Decant.Techniques.Groups;
using Decant.Torch;

namespace Decant.Techniques.Regularization;

/// <summary>
/// Group lasso: Σ_k f_k Σ_g c ‖w_g‖₂ over one or more ways k to group a weight, c being 1 or the root of the group's size (Yuan, Lin
/// 2006). Its proximal step is group soft thresholding, w_g · max(0, 1 − step · f c / ‖w_g‖), for one way after the other.
/// </summary>
internal sealed class GroupPenalty(IReadOnlyList<(WeightGroups Groups, double Factor)> ways) : WeightPenalty
{
    /// <summary>The penalty of the options on a weight of such axes.</summary>
    public static GroupPenalty Of(WeightAxes axes, RegularizationOptions options) => new([.. options.Groups.Select(way =>
    {
        WeightGroups groups = axes.By(way.Kind);
        return (groups, way.Factor * (options.BySize ? Math.Sqrt(groups.Size) : 1));
    })]);

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
            foreach (TorchTensor numbers in ReferenceEquals(parameter, weight) ? [parameter] : new[] { parameter, weight })
            {
                numbers.View(groups.Sizes).Mul_(scale);
                // A negative number times zero is a negative zero; this makes it the one zero.
                numbers.Add_(0.0);
            }
        }
    }
}
