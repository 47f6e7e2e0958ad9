using Decant.Core;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.Quantization;

/// <summary>A number that is another form's times a constant: the ends of a clip follow the scale of the grid behind it.</summary>
/// <param name="scale">Whose.</param>
/// <param name="factor">How many times as much.</param>
internal sealed class FollowingForm(ScaleForm scale, double factor) : WeightForm
{
    public override TorchTensor Parameter => scale.Parameter;

    public override IReadOnlyList<FormTensor> Tensors => [];

    public override TorchTensor Effective() => scale.Effective().Mul(factor);

    public override Encoding ToEncoding() => new DenseEncoding(Tensor.Scalar((float)(scale.ToEncoding().Decode().Array<float>()[0] * factor)));

    public override void Dispose() { }
}
