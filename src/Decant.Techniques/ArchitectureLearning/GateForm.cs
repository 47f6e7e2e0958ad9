using Decant.Core;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.ArchitectureLearning;

/// <summary>Widths or a depth: free numbers that weight decay spares.</summary>
internal sealed class GateForm(Encoding encoding) : WeightForm
{
    /// <inheritdoc/>
    public override TorchTensor Parameter { get; } = Leaf(encoding.Decode().Span<float>(), encoding.Shape);

    /// <inheritdoc/>
    public override IReadOnlyList<FormTensor> Tensors => [new("", Parameter, IsDecayed: false)];

    /// <inheritdoc/>
    public override TorchTensor Effective() => Parameter;

    /// <inheritdoc/>
    public override Encoding ToEncoding() => new DenseEncoding(Tensor.Of(encoding.Shape, Parameter.ToArray<float>()));

    /// <inheritdoc/>
    public override void Dispose() => Parameter.Dispose();
}
