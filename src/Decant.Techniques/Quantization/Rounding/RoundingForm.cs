using Decant.Core;
using Decant.Techniques.Groups;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.Quantization;

/// <summary>
/// s·(clip(⌊W/s⌋ + h(V)) − z), h(V) = clip(1.2·σ(V) − 0.1, 0, 1) (AdaRound, equations 22 and 23): V is free, and begins where h is what rounding
/// cuts off.
/// </summary>
internal sealed class RoundingForm : WeightForm
{
    private const double Stretch = 1.2, Low = -0.1;

    private readonly LinearEncoding grid;
    private readonly TorchTensor floors, scales, zeros;

    /// <summary>Begins at a weight.</summary>
    /// <param name="weight">Its numbers.</param>
    /// <param name="grid">The same on its grid.</param>
    public RoundingForm(Tensor weight, LinearEncoding grid)
    {
        this.grid = grid;
        var channels = new WeightChannels(grid.Shape, grid.Axis);
        float[] numbers = weight.Array<float>(), floor = new float[numbers.Length], free = new float[numbers.Length], scale = new float[numbers.Length], zero = new float[numbers.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            int channel = channels.Of(i);
            (scale[i], zero[i]) = (grid.Scales[channel], grid.Zeros.Length == 0 ? 0 : grid.Zeros[channel]);
            double steps = numbers[i] / (double)scale[i], down = Math.Floor(steps);
            double share = Math.Clamp((steps - down - Low) / Stretch, 1e-3, 1 - 1e-3);
            (floor[i], free[i]) = ((float)down + zero[i], (float)Math.Log(share / (1 - share)));
        }
        long[] sizes = [.. grid.Shape.Dims.Select(d => (long)d)];
        Parameter = Leaf(free, grid.Shape);
        (floors, scales, zeros) = (TorchTensor.From<float>(floor, sizes).Keep(), TorchTensor.From<float>(scale, sizes).Keep(), TorchTensor.From<float>(zero, sizes).Keep());
    }

    /// <summary>V.</summary>
    public override TorchTensor Parameter { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<FormTensor> Tensors => [new("", Parameter, IsDecayed: false)];

    /// <summary>h(V): 0 for down, 1 for up.</summary>
    public TorchTensor Shares() => Parameter.Sigmoid().Mul(Stretch).Add(Low).Clamp(0, 1);

    /// <inheritdoc/>
    public override TorchTensor Effective() => floors.Add(Shares()).Clamp(grid.Least, grid.Greatest).Sub(zeros).Mul(scales);

    /// <inheritdoc/>
    public override TorchTensor Evaluated() => Codes().Sub(zeros).Mul(scales);

    /// <inheritdoc/>
    public override Encoding ToEncoding()
    {
        using var scope = new TorchScope();
        using var noGrad = new NoGrad();
        int[] codes = Array.ConvertAll(Codes().ToArray<float>(), c => (int)c);
        return LinearEncoding.Of(grid.Shape, grid.Bits, codes, grid.Scales.ToArray(), grid.Zeros.ToArray(), grid.Axis);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        Parameter.Dispose();
        floors.Dispose();
        scales.Dispose();
        zeros.Dispose();
    }

    private TorchTensor Codes() => floors.Add(Shares().Ge(0.5).To(TorchType.Float32)).Clamp(grid.Least, grid.Greatest);
}
