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
    public virtual void Shrink(TorchTensor parameter, TorchTensor weight, double step) => throw new NotSupportedException("this penalty has no proximal step");

    /// <summary>The penalty of the options on a weight of a network.</summary>
    /// <exception cref="ModelException">It needs groups, and what reads the weight does not tell them.</exception>
    public static WeightPenalty For(RegularizationOptions options, Network network, Weight weight) => options.Kind switch
    {
        RegularizationKind.L1 => new L1Penalty(),
        RegularizationKind.L2 => new L2Penalty(),
        RegularizationKind.HansonPratt => new HansonPrattPenalty(options.W0),
        RegularizationKind.Grid => new GridPenalty(options.Bits),
        RegularizationKind.Range => new RangePenalty(),
        RegularizationKind.Ternary => new TernaryPenalty(),
        _ => GroupPenalty.Of(WeightAxes.Of(network, weight), options),
    };
}
