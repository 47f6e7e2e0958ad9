using Decant.Core;
using Decant.Torch;

namespace Decant.Training;

/// <summary>
/// Numbers held to a uniform grid while they train (Jacob et al. 2018): free numbers θ, of which the network sees the
/// nearest on the grid.
/// Gradients reach θ within the grid's range, and where scales are learned, the scales (Esser et al. 2020, equation
/// 3).
/// </summary>
public sealed class LinearParameterization : WeightParameterization
{
    private readonly LinearEncoding grid;
    private readonly long[] spread;
    private readonly TorchTensor? zeroPoints,
        blocks;
    private readonly TorchTensor logScales;
    private readonly bool learnsScales;
    private readonly double share;

    /// <summary>Begins at a weight's own numbers, or at free ones near its grid.</summary>
    /// <param name="encoding">The grid.</param>
    /// <param name="free">Where θ begins; null for the grid's own numbers.</param>
    /// <param name="learnsScales">Whether scales are trained.</param>
    public LinearParameterization(LinearEncoding encoding, Tensor? free = null, bool learnsScales = false)
    {
        (grid, spread, this.learnsScales) = (encoding, Spread(encoding), learnsScales);
        if (encoding.Block > 0)
            blocks = TorchTensor
                .From<long>(
                    [.. Enumerable.Range(0, encoding.Shape[encoding.Axis]).Select(i => (long)(i / encoding.Block))],
                    [encoding.Shape[encoding.Axis]]
                )
                .Keep();
        Parameter = Leaf((free ?? encoding.Decode()).Span<float>(), encoding.Shape);
        logScales = Leaf(
            Array.ConvertAll(encoding.Scales.ToArray(), s => MathF.Log(Math.Max(s, float.Epsilon))),
            new Shape(encoding.Scales.Length)
        );
        logScales.RequiresGrad = learnsScales;
        if (encoding.Zeros.Length > 0)
            zeroPoints = InBlocks(
                    TorchTensor.From<float>(Array.ConvertAll(encoding.Zeros.ToArray(), z => (float)z), spread)
                )
                .Keep();
        share = 1 / Math.Sqrt(Math.Max(1, encoding.Count / (double)encoding.Scales.Length) * encoding.Greatest);
    }

    /// <summary>θ.</summary>
    public override TorchTensor Parameter { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterizationTensor> Tensors =>
        learnsScales ? [.. base.Tensors, new(".log-scale", logScales, IsDecayed: false)] : base.Tensors;

    /// <inheritdoc/>
    public override TorchTensor Effective()
    {
        TorchTensor scales = Scales();
        TorchTensor codes = Codes(StraightThrough.Round(Parameter.Div(scales)));
        return (zeroPoints is null ? codes : codes.Sub(zeroPoints)).Mul(scales);
    }

    /// <inheritdoc/>
    public override Encoding ToEncoding()
    {
        using var scope = new TorchScope();
        using var noGrad = new NoGrad();
        float[] codes = Codes(Parameter.Div(Scales()).Round()).ToArray<float>(),
            scales = Array.ConvertAll(logScales.ToArray<float>(), MathF.Exp);
        return LinearEncoding.Of(
            grid.Shape,
            grid.Bits,
            Array.ConvertAll(codes, c => (int)c),
            scales,
            grid.Zeros.ToArray(),
            grid.Axis,
            grid.Block
        );
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        Parameter.Dispose();
        logScales.Dispose();
        zeroPoints?.Dispose();
        blocks?.Dispose();
    }

    private TorchTensor Codes(TorchTensor rounded) =>
        (zeroPoints is null ? rounded : rounded.Add(zeroPoints)).Clamp(grid.Least, grid.Greatest);

    /// <summary>
    /// The scales as they spread over the weight; of their gradient a share that keeps it in proportion to that of θ
    /// (Esser et al. 2020, section 2.2).
    /// </summary>
    private TorchTensor Scales()
    {
        TorchTensor scales = InBlocks(logScales.Exp().View(spread));
        return learnsScales ? StraightThrough.As(scales, scales.Mul(share)) : scales;
    }

    /// <summary>What each block has, for each place of the block; without blocks, the tensor itself.</summary>
    private TorchTensor InBlocks(TorchTensor each) => blocks is null ? each : each.IndexSelect(grid.Axis, blocks);

    private static long[] Spread(LinearEncoding encoding)
    {
        if (encoding.Axis < 0)
            return [];
        if (encoding.Block > 0)
            return [.. encoding.ScaleShape.Dims.Select(d => (long)d)];
        var sizes = new long[encoding.Shape.Rank - encoding.Axis];
        Array.Fill(sizes, 1);
        sizes[0] = encoding.Scales.Length;
        return sizes;
    }
}

/// <summary>
/// Functions in steps, whose gradient is that of the function without steps (Bengio, Léonard, Courville 2013).
/// </summary>
public static class StraightThrough
{
    /// <summary>The nearest whole number, halves to even; the gradient is 1.</summary>
    public static TorchTensor Round(TorchTensor x) => As(x.Round(), x);

    /// <summary>1 from 0 on, else −1; the gradient is 1 where |x| ≤ 1, else 0.</summary>
    public static TorchTensor Sign(TorchTensor x) => As(x.Ge(0).To(x.Type).Mul(2).Sub(1), x.Clamp(-1, 1));

    /// <summary>The numbers of one tensor with the gradient of another.</summary>
    /// <param name="value">The numbers.</param>
    /// <param name="path">What the gradient goes to, of the same shape.</param>
    public static TorchTensor As(TorchTensor value, TorchTensor path) => path.Add(value.Sub(path).Detach());
}
