using Decant.Core;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.Supermask;

/// <summary>
/// Bernoulli(sigmoid(m)) ⊙ θ with θ frozen and m free; the gradient passes through the draw as if it were
/// sigmoid(m).
/// Where gradients are not recorded the mask is that of the result, so that what is watched on held-out images is what
/// comes out.
/// </summary>
internal sealed class SupermaskParameterization : WeightParameterization
{
    private readonly Weight weight;
    private readonly SupermaskOptions options;
    private readonly Func<double> factor;
    private readonly TorchTensor values,
        bars;
    private readonly long[] sizes;

    /// <summary>Begins with scores of 0: half of the numbers are kept.</summary>
    /// <param name="weight">Dense or binary.</param>
    /// <param name="options">How it is masked.</param>
    /// <param name="rng">Draws the mask of the result.</param>
    /// <param name="factor">What the weight is multiplied by in a step of training.</param>
    public SupermaskParameterization(Weight weight, SupermaskOptions options, Rng rng, Func<double> factor)
    {
        (this.weight, this.options, this.factor) = (weight, options, factor);
        Encoding encoding = weight.Encoding;
        sizes = [.. encoding.Shape.Dims.Select(d => (long)d)];
        values = TorchTensor.From<float>(encoding.Decode().Span<float>(), sizes).Keep();
        var reach = new float[encoding.Count];
        for (int i = 0; i < reach.Length; i++)
            reach[i] = options.Mask == SupermaskChoice.Sampled ? (float)rng.NextDouble() : 0.5f;
        bars = TorchTensor.From<float>(reach, sizes).Keep();
        Parameter = Leaf(new float[encoding.Count], encoding.Shape);
    }

    /// <inheritdoc/>
    public override TorchTensor Parameter { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterizationTensor> Tensors => [new("", Parameter, IsDecayed: false)];

    /// <inheritdoc/>
    public override TorchTensor Effective()
    {
        TorchTensor chance = Parameter.Sigmoid();
        TorchTensor kept = (NoGrad.IsRecording ? Drawn() : bars).Lt(chance).To(TorchType.Float32);
        // chance − chance is exactly 0, but carries the gradient.
        TorchTensor masked = chance.Sub(chance.Detach()).Add(kept).Mul(values);
        double scale = (NoGrad.IsRecording ? factor() : 1) * (options.Rescale ? ScaleFor(kept.Sum().ToDouble()) : 1);
        return scale == 1 ? masked : masked.Mul(scale);
    }

    /// <summary>The mask ⊙ θ: ternary where θ is binary, else sparse.</summary>
    public override Encoding ToEncoding()
    {
        bool[] kept = Kept();
        int[] positions = [.. Enumerable.Range(0, kept.Length).Where(i => kept[i])];
        if (positions.Length == 0)
            throw new ModelException(
                $"the mask of weight '{weight.Name}' kept nothing; a lower learning rate may work"
            );
        float scale = options.Rescale ? (float)ScaleFor(positions.Length) : 1;
        return weight.Encoding is BinaryEncoding binary ? Ternary(binary, kept, scale) : Sparse(positions, scale);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        Parameter.Dispose();
        values.Dispose();
        bars.Dispose();
    }

    private static TernaryEncoding Ternary(BinaryEncoding binary, bool[] kept, float scale)
    {
        var signs = new sbyte[kept.Length];
        for (int i = 0; i < signs.Length; i++)
            if (kept[i])
                signs[i] = binary.IsPositive(i) ? (sbyte)1 : (sbyte)-1;
        float[] scales = Array.ConvertAll(binary.Scales.ToArray(), s => s * scale);
        return new TernaryEncoding(binary.Shape, signs, scales, scales);
    }

    private SparseEncoding Sparse(int[] positions, float scale)
    {
        float[] all = weight.Encoding.Decode().Array<float>();
        return new SparseEncoding(weight.Encoding.Shape, positions, Array.ConvertAll(positions, p => all[p] * scale));
    }

    private bool[] Kept()
    {
        using var scope = new TorchScope();
        using var noGrad = new NoGrad();
        return bars.Lt(Parameter.Sigmoid()).ToArray<bool>();
    }

    private TorchTensor Drawn()
    {
        TorchTensor drawn = Ops.Empty(sizes);
        drawn.Uniform_();
        return drawn;
    }

    private double ScaleFor(double kept) => weight.Encoding.Count / Math.Max(1, kept);
}
