using Decant.Core;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.Quantization;

/// <summary>A scale that is learned: a number above 0, trained as its logarithm, so that a step is in proportion to it.</summary>
internal sealed class ScaleForm : WeightForm
{
    private readonly Encoding encoding;

    public ScaleForm(Encoding encoding)
    {
        this.encoding = encoding;
        Parameter = Leaf(Array.ConvertAll(encoding.Decode().Array<float>(), s => MathF.Log(Math.Max(s, float.Epsilon))), encoding.Shape);
    }

    public override TorchTensor Parameter { get; }

    public override IReadOnlyList<FormTensor> Tensors => [new("", Parameter, IsDecayed: false)];

    public override TorchTensor Effective() => Parameter.Exp();

    public override Encoding ToEncoding() => new DenseEncoding(Tensor.Of(encoding.Shape, Array.ConvertAll(Parameter.ToArray<float>(), MathF.Exp)));

    public override void Dispose() => Parameter.Dispose();
}
