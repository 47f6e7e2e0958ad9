using Decant.Core;
using Decant.Techniques.Groups;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.Pruning.HardConcrete;

/// <summary>
/// The hard concrete distribution of Louizos, Welling, Kingma (2018), with their constants: a gate in [0, 1] that is
/// exactly 0 or 1 with a probability above zero, and through which gradients reach log α.
/// </summary>
internal static class HardConcreteDistribution
{
    /// <summary>The temperature β.</summary>
    public const double Beta = 2.0 / 3;

    /// <summary>The lower end γ of the stretched interval.</summary>
    public const double Gamma = -0.1;

    /// <summary>The upper end ζ of the stretched interval.</summary>
    public const double Zeta = 1.1;

    private static readonly double Shift = Beta * Math.Log(-Gamma / Zeta);

    /// <summary>
    /// z = min(1, max(0, σ((log u − log(1 − u) + log α) / β) · (ζ − γ) + γ)) (equations 10 and 11).
    /// </summary>
    /// <param name="logAlpha">log α of each gate.</param>
    /// <param name="u">Uniform draws from [0, 1), one a gate.</param>
    public static TorchTensor Gate(TorchTensor logAlpha, TorchTensor u)
    {
        TorchTensor noise = u.Log().Sub(u.Neg().Add(1).Log());
        return Stretched(noise.Add(logAlpha).Div(Beta).Sigmoid());
    }

    /// <summary>The gate of evaluation, ẑ = min(1, max(0, σ(log α) · (ζ − γ) + γ)) (equation 13).</summary>
    public static TorchTensor Gate(TorchTensor logAlpha) => Stretched(logAlpha.Sigmoid());

    /// <summary>How likely each gate is not 0: σ(log α − β log(−γ / ζ)) (equation 12).</summary>
    public static TorchTensor Open(TorchTensor logAlpha) => logAlpha.Sub(Shift).Sigmoid();

    private static TorchTensor Stretched(TorchTensor s) => s.Mul(Zeta - Gamma).Add(Gamma).Clamp(0, 1);
}

/// <summary>
/// mask ⊙ θ ⊙ z: every number or group of numbers has a gate z, drawn anew from the hard concrete distribution for
/// each training step, and what it is expected to be outside training. The mask is that of a weight which was sparse
/// before.
/// </summary>
internal sealed class HardConcreteParameterization : WeightParameterization
{
    private readonly Shape shape;
    private readonly WeightGroups groups;
    private readonly TorchTensor mask,
        counts;

    /// <summary>Gates on a weight.</summary>
    /// <param name="encoding">A dense or sparse float weight.</param>
    /// <param name="groups">What shares a gate.</param>
    /// <param name="logAlpha">Where log α begins, one number a group.</param>
    public HardConcreteParameterization(Encoding encoding, WeightGroups groups, float[] logAlpha)
    {
        (shape, this.groups) = (encoding.Shape, groups);
        Parameter = Leaf(encoding.Decode().Span<float>(), shape);
        LogAlpha = Leaf(logAlpha, new Shape(Array.ConvertAll(groups.Each, n => (int)n)));
        var kept = new float[encoding.Count];
        if (encoding is SparseEncoding sparse)
            foreach (int p in sparse.Positions)
                kept[p] = 1;
        else
            Array.Fill(kept, 1);
        using var scope = new TorchScope();
        mask = TorchTensor.From<float>(kept, groups.Sizes).Keep();
        counts = groups.Sums(mask).Keep();
    }

    /// <summary>θ.</summary>
    public override TorchTensor Parameter { get; }

    /// <summary>log α of each gate, of the extents <see cref="WeightGroups.Each"/>.</summary>
    public TorchTensor LogAlpha { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterizationTensor> Tensors =>
        [.. base.Tensors, new(".log-alpha", LogAlpha, IsDecayed: false)];

    /// <inheritdoc/>
    public override TorchTensor Effective() => Effective(Ops.Rand(groups.Each));

    /// <summary>The weight under gates of given draws.</summary>
    /// <param name="u">Uniform draws from [0, 1), of the extents <see cref="WeightGroups.Each"/>.</param>
    public TorchTensor Effective(TorchTensor u) => Gated(HardConcreteDistribution.Gate(LogAlpha, u));

    /// <inheritdoc/>
    public override TorchTensor Evaluated() => Gated(HardConcreteDistribution.Gate(LogAlpha));

    /// <summary>
    /// How many numbers are expected not to be zero, recorded for gradients: Σ_g |g| σ(log α_g − β log(−γ /
    /// ζ)).
    /// </summary>
    public TorchTensor ExpectedCount() => HardConcreteDistribution.Open(LogAlpha).Mul(counts).Sum();

    /// <summary>Sparse where evaluation's gates make zeros, dense if they make none.</summary>
    public override Encoding ToEncoding()
    {
        using var scope = new TorchScope();
        using var noGrad = new NoGrad();
        Tensor values = Tensor.Of(shape, Evaluated().ToArray<float>());
        return values.Span<float>().Contains(0f) ? SparseEncoding.FromNonZeros(values) : new DenseEncoding(values);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        Parameter.Dispose();
        LogAlpha.Dispose();
        mask.Dispose();
        counts.Dispose();
    }

    private TorchTensor Gated(TorchTensor gates) =>
        Parameter.View(groups.Sizes).Mul(gates).Mul(mask).View(Array.ConvertAll(shape.Dims.ToArray(), d => (long)d));
}
