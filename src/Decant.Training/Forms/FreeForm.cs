using Decant.Core;
using Decant.Torch;

namespace Decant.Training;

/// <summary>Every number is free.</summary>
internal sealed class FreeForm(Encoding encoding) : WeightForm
{
    /// <inheritdoc/>
    public override TorchTensor Parameter { get; } = Leaf(encoding.Decode().Span<float>(), encoding.Shape);

    /// <inheritdoc/>
    public override TorchTensor Effective() => Parameter;

    /// <inheritdoc/>
    public override Encoding ToEncoding() => new DenseEncoding(Tensor.Of(encoding.Shape, Parameter.ToArray<float>()));

    /// <inheritdoc/>
    public override void Dispose() => Parameter.Dispose();
}
