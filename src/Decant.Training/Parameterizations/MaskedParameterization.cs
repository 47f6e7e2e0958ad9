using Decant.Core;
using Decant.Torch;

namespace Decant.Training;

/// <summary>mask ⊙ θ: the numbers kept are free, the others stay zero (Han et al. 2015).</summary>
internal sealed class MaskedParameterization : WeightParameterization
{
    private readonly SparseEncoding encoding;
    private readonly TorchTensor mask;

    public MaskedParameterization(SparseEncoding encoding)
    {
        this.encoding = encoding;
        var ones = new float[encoding.Count];
        foreach (int p in encoding.Positions)
            ones[p] = 1;
        mask = TorchTensor.From<float>(ones, Operators.Shapes.Sizes(encoding.Shape)).Keep();
        Parameter = Leaf(encoding.Decode().Span<float>(), encoding.Shape);
    }

    /// <inheritdoc/>
    public override TorchTensor Parameter { get; }

    /// <inheritdoc/>
    public override TorchTensor Effective() => Parameter.Mul(mask);

    /// <inheritdoc/>
    public override Encoding ToEncoding()
    {
        float[] all = Parameter.ToArray<float>();
        int[] positions = encoding.Positions.ToArray();
        return new SparseEncoding(encoding.Shape, positions, Array.ConvertAll(positions, p => all[p]));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        Parameter.Dispose();
        mask.Dispose();
    }
}

/// <summary>
/// mask ⊙ θ with every θ kept and a mask that may change between steps. Gradients reach the numbers kept alone, or,
/// straight through the mask, all of θ: w ← w − β ∂L/∂(mask ⊙ w) (Guo, Yao, Chen 2016, equation 3), by
/// which what was pruned can come back.
/// </summary>
public sealed class MovingMaskParameterization : WeightParameterization
{
    private readonly Shape shape;
    private readonly bool straightThrough;

    /// <summary>
    /// Begins with what the encoding holds: a sparse weight's positions are its mask, a dense one's mask is all ones.
    /// </summary>
    /// <param name="encoding">A dense or sparse float weight.</param>
    /// <param name="straightThrough">Whether the gradient passes to pruned numbers too.</param>
    /// <exception cref="ModelException">The encoding is of another kind or type.</exception>
    public MovingMaskParameterization(Encoding encoding, bool straightThrough)
    {
        if (encoding is not (SparseEncoding or DenseEncoding { Type: ElementType.Float32 }))
            throw new ModelException(
                $"a weight held as '{encoding.Kind}' of {encoding.Type} cannot be masked; prune before "
                    + "clustering or quantizing"
            );
        (shape, this.straightThrough) = (encoding.Shape, straightThrough);
        var kept = new float[encoding.Count];
        if (encoding is SparseEncoding sparse)
            foreach (int p in sparse.Positions)
                kept[p] = 1;
        else
            Array.Fill(kept, 1);
        Mask = TorchTensor.From<float>(kept, Operators.Shapes.Sizes(shape)).Keep();
        Parameter = Leaf(encoding.Decode().Span<float>(), shape);
    }

    /// <summary>Every number, those pruned too.</summary>
    public override TorchTensor Parameter { get; }

    /// <summary>
    /// 1 where a number is kept, 0 elsewhere; of the weight's shape, float. Change it by <see cref="SetMask"/>.
    /// </summary>
    public TorchTensor Mask { get; }

    /// <summary>θ and the mask, which a checkpoint holds and no optimizer changes.</summary>
    public override IReadOnlyList<ParameterizationTensor> Tensors =>
        [.. base.Tensors, new(".mask", Mask, IsTrained: false, IsDecayed: false)];

    /// <summary>
    /// Replaces the mask from the next step on; not to be called between a step's forward and backward pass.
    /// </summary>
    /// <param name="mask">Zeros and ones of any type, of the weight's shape; copied.</param>
    public void SetMask(TorchTensor mask)
    {
        using var noGrad = new NoGrad();
        Mask.Copy_(mask);
    }

    /// <inheritdoc/>
    public override TorchTensor Effective()
    {
        TorchTensor masked = Parameter.Mul(Mask);
        // The same numbers to the bit, θ + (0 − θ) = 0 and θ + (θ − θ) = θ, but with θ's gradient.
        return straightThrough ? Parameter.Add(masked.Sub(Parameter).Detach()) : masked;
    }

    /// <summary>A <see cref="SparseEncoding"/> whose positions are the mask.</summary>
    public override Encoding ToEncoding()
    {
        float[] all = Parameter.ToArray<float>(),
            kept = Mask.ToArray<float>();
        int[] positions = [.. Enumerable.Range(0, all.Length).Where(i => kept[i] != 0)];
        return new SparseEncoding(shape, positions, Array.ConvertAll(positions, p => all[p]));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        Parameter.Dispose();
        Mask.Dispose();
    }
}
