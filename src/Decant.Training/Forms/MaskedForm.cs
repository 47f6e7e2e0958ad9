using Decant.Core;
using Decant.Torch;

namespace Decant.Training;

/// <summary>mask ⊙ θ: the numbers kept are free, the others stay zero (Han et al. 2015).</summary>
internal sealed class MaskedForm : WeightForm
{
    private readonly SparseEncoding encoding;
    private readonly TorchTensor mask;

    public MaskedForm(SparseEncoding encoding)
    {
        this.encoding = encoding;
        var ones = new float[encoding.Count];
        foreach (int p in encoding.Positions) ones[p] = 1;
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
