using Decant.Core;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.Quantization;

/// <summary>
/// A number that is another parameterization's times a constant: the ends of a clip follow the scale of the grid
/// behind it.
/// </summary>
/// <param name="scale">Whose.</param>
/// <param name="factor">How many times as much.</param>
internal sealed class ProportionalParameterization(ScaleParameterization scale, double factor) : WeightParameterization
{
    public override TorchTensor Parameter => scale.Parameter;

    public override IReadOnlyList<ParameterizationTensor> Tensors => [];

    public override TorchTensor Effective() => scale.Effective().Mul(factor);

    public override Encoding ToEncoding() =>
        new DenseEncoding(Tensor.Scalar((float)(scale.ToEncoding().Decode().Array<float>()[0] * factor)));

    public override void Dispose() { }
}

/// <summary>
/// A scale that is learned: a number above 0, trained as its logarithm, so that a step is in proportion to it.
/// </summary>
internal sealed class ScaleParameterization : WeightParameterization
{
    private readonly Encoding encoding;

    public ScaleParameterization(Encoding encoding)
    {
        this.encoding = encoding;
        Parameter = Leaf(
            Array.ConvertAll(encoding.Decode().Array<float>(), s => MathF.Log(Math.Max(s, float.Epsilon))),
            encoding.Shape
        );
    }

    public override TorchTensor Parameter { get; }

    public override IReadOnlyList<ParameterizationTensor> Tensors => [new("", Parameter, IsDecayed: false)];

    public override TorchTensor Effective() => Parameter.Exp();

    public override Encoding ToEncoding() =>
        new DenseEncoding(Tensor.Of(encoding.Shape, Array.ConvertAll(Parameter.ToArray<float>(), MathF.Exp)));

    public override void Dispose() => Parameter.Dispose();
}

/// <summary>
/// α·(2·q(tanh θ / (2·max|tanh θ|) + ½) − 1), q to the nearest of 2^k evenly spaced numbers from 0 to 1,
/// gradients straight through it (DoReFa-Net: Zhou et al. 2016, equations 5 and 9). α is the largest number the weight
/// begins with, so that it begins at itself; the paper's is 1, which leaves the size to a batch normalization. Zero is
/// none of the 2^k numbers.
/// </summary>
internal sealed class TanhParameterization : WeightParameterization
{
    private const double Least = 1e-12;

    // Beyond it tanh has no inverse in floats.
    private const double Most = 1 - 1e-6;

    private readonly Shape shape;
    private readonly int bits,
        steps;
    private readonly float largest;

    /// <summary>Begins at a weight.</summary>
    /// <param name="weight">Finite numbers.</param>
    /// <param name="bits">k, 2 to 15.</param>
    public TanhParameterization(Tensor weight, int bits)
    {
        (shape, this.bits, steps) = (weight.Shape, bits, (1 << bits) - 1);
        float[] numbers = weight.Array<float>();
        largest = numbers.Aggregate(0f, (most, n) => Math.Max(most, Math.Abs(n)));
        double squashed = Math.Min(Math.Tanh(largest), Most);
        Parameter = Leaf(
            Array.ConvertAll(numbers, n => largest == 0 ? 0 : (float)Math.Atanh(n / (double)largest * squashed)),
            shape
        );
    }

    /// <summary>θ.</summary>
    public override TorchTensor Parameter { get; }

    /// <inheritdoc/>
    public override TorchTensor Effective() =>
        StraightThrough.Round(Places()).Mul(2).Sub(steps).Mul(largest / (double)steps);

    /// <inheritdoc/>
    public override Encoding ToEncoding()
    {
        using var scope = new TorchScope();
        using var noGrad = new NoGrad();
        // 2q − (2^k − 1) are odd numbers between −(2^k − 1) and 2^k − 1.
        int[] codes = Array.ConvertAll(Places().Round().ToArray<float>(), p => 2 * (int)p - steps);
        return LinearEncoding.Of(shape, bits + 1, codes, [largest / steps], []);
    }

    /// <inheritdoc/>
    public override void Dispose() => Parameter.Dispose();

    private TorchTensor Places()
    {
        TorchTensor squashed = Parameter.Tanh();
        return squashed.Div(squashed.Abs().Max().Clamp(min: Least)).Add(1).Mul(steps / 2.0);
    }
}
