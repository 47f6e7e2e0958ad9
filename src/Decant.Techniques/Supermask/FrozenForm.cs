using Decant.Core;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.Supermask;

/// <summary>A weight that training leaves as it is.</summary>
internal sealed class FrozenForm(Encoding encoding) : WeightForm
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
