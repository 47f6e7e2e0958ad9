using Decant.Core;
using Decant.Torch;

namespace Decant.Training;

/// <summary>A weight that training leaves as it is.</summary>
public sealed class FrozenForm(Encoding encoding) : WeightForm
{
    /// <inheritdoc/>
    public override TorchTensor Parameter { get; } = TorchTensor.From<float>(encoding.Decode().Span<float>(), [.. encoding.Shape.Dims.Select(d => (long)d)]).Keep();

    /// <inheritdoc/>
    public override IReadOnlyList<FormTensor> Tensors => [new("", Parameter, IsTrained: false)];

    /// <inheritdoc/>
    public override TorchTensor Effective() => Parameter;

    /// <inheritdoc/>
    public override Encoding ToEncoding() => encoding;

    /// <inheritdoc/>
    public override void Dispose() => Parameter.Dispose();
}
