using Decant.Core;
using Decant.Torch;

namespace Decant.Techniques.Groups;

/// <summary>A weight's numbers in groups of one size.</summary>
/// <param name="sizes">The extents of the axes that the weight is seen with.</param>
/// <param name="inside">The axes inside a group; the others count groups.</param>
internal sealed class WeightGroups(long[] sizes, long[] inside)
{
    /// <summary>The extents that the weight is seen with.</summary>
    public long[] Sizes => sizes;

    /// <summary>The extents of one number a group, which broadcast to <see cref="Sizes"/>.</summary>
    public long[] Each { get; } = [.. sizes.Select((size, axis) => inside.Contains(axis) ? 1 : size)];

    /// <summary>How many numbers a group has.</summary>
    public long Size { get; } = inside.Aggregate(1L, (product, axis) => product * sizes[axis]);

    /// <summary>The sum of each group, of the extents <see cref="Each"/>.</summary>
    public TorchTensor Sums(TorchTensor weight)
    {
        TorchTensor seen = weight.View(sizes);
        // libtorch takes no axes for all axes.
        return inside.Length == 0 ? seen : seen.Sum(inside, keep: true);
    }

    /// <summary>The 2-norm of each group, of the extents <see cref="Each"/>; its gradient at zero is zero.</summary>
    public TorchTensor Norms(TorchTensor weight)
    {
        // The root has no slope at 0; below the clamp the gradient is 0, a subgradient of the norm.
        const double Tiny = 1e-30;
        return Sums(weight.Mul(weight)).Clamp(min: Tiny).Sqrt();
    }
}

/// <summary>What the numbers of a layer's weight are taken together by.</summary>
public enum GroupKind
{
    /// <summary>
    /// All that one neuron or filter computes with: a row of the matrix outputs × (inputs · kernel).
    /// </summary>
    [Alias("filter", "row")]
    Neuron,

    /// <summary>All that reads one input channel or input neuron.</summary>
    Channel,

    /// <summary>What one filter reads one channel with: a kernel of a convolution, a single number elsewhere.</summary>
    Kernel,

    /// <summary>
    /// All that reads one channel at one place of the kernel: a column of the matrix outputs × (inputs · kernel).
    /// </summary>
    Column,

    /// <summary>The whole weight.</summary>
    Layer,
}
