using Decant.Core;
using Decant.Torch;

namespace Decant.Training;

/// <summary>
/// An encoding made trainable: the differentiable function from free parameters to the weight that the network computes
/// with. When training ends it becomes an encoding again.
/// </summary>
public abstract class WeightParameterization : IDisposable
{
    /// <summary>The tensor that stands for the weight: the free parameters, as one leaf.</summary>
    public abstract TorchTensor Parameter { get; }

    /// <summary>Every tensor that training changes: <see cref="Parameter"/>, and what a parameterization has beside
    /// it.</summary>
    public virtual IReadOnlyList<ParameterizationTensor> Tensors => [new("", Parameter, IsDecayed: Parameter.Rank > 1)];

    /// <summary>The weight as the network computes with it; recorded for gradients. Made anew for every step.</summary>
    public abstract TorchTensor Effective();

    /// <summary>
    /// The weight outside training; that of <see cref="Effective"/> unless the parameterization draws it at random.
    /// </summary>
    public virtual TorchTensor Evaluated() => Effective();

    /// <summary>The trained weight as an encoding of the kind it came from.</summary>
    public abstract Encoding ToEncoding();

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>The parameterization that trains an encoding.</summary>
    /// <exception cref="ModelException">There is none for its kind.</exception>
    public static WeightParameterization For(Encoding encoding) =>
        encoding switch
        {
            SparseEncoding sparse => new MaskedParameterization(sparse),
            CodebookEncoding codebook => new CodebookParameterization(codebook),
            LinearEncoding linear => new LinearParameterization(linear),
            VectorEncoding vector => new VectorParameterization(vector),
            BinaryEncoding binary => new BinaryParameterization(
                binary.Decode(),
                binary.Scales.Length == 1 ? binary.Scales[0] : null
            ),
            TernaryEncoding { Negative.Length: 1 } ternary => new TernaryParameterization(
                ternary.Decode(),
                TernaryParameterization.UsualThreshold,
                (ternary.Negative[0], ternary.Positive[0])
            ),
            TernaryEncoding ternary => new TernaryParameterization(ternary.Decode()),
            DenseEncoding => new DenseParameterization(encoding),
            _ => throw new ModelException(
                $"a weight held as '{encoding.Kind}' cannot be trained; freeze it, or decode it to dense floats first"
            ),
        };

    /// <summary>A leaf tensor, kept outside any scope, that gradients reach.</summary>
    /// <param name="values">Its numbers, row-major.</param>
    /// <param name="shape">Its shape.</param>
    protected static TorchTensor Leaf(ReadOnlySpan<float> values, Shape shape)
    {
        TorchTensor leaf = TorchTensor.From(values, Operators.Shapes.Sizes(shape)).Keep();
        leaf.RequiresGrad = true;
        return leaf;
    }
}

/// <summary>A tensor that a weight's parameterization owns and a checkpoint holds.</summary>
/// <param name="Suffix">Follows the weight's name in the checkpoint; empty for the one that stands for the weight
/// itself.</param>
/// <param name="Tensor">The tensor.</param>
/// <param name="IsTrained">Whether the optimizer changes it; a mask, for one, is not.</param>
/// <param name="IsDecayed">Whether weight decay applies to it.</param>
public sealed record ParameterizationTensor(
    string Suffix,
    TorchTensor Tensor,
    bool IsTrained = true,
    bool IsDecayed = true
);

/// <summary>A dense weight, trained as it is.</summary>
internal sealed class DenseParameterization(Encoding encoding) : WeightParameterization
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

/// <summary>A weight that training leaves as it is.</summary>
public sealed class FrozenParameterization(Encoding encoding) : WeightParameterization
{
    /// <inheritdoc/>
    public override TorchTensor Parameter { get; } =
        TorchTensor.From<float>(encoding.Decode().Span<float>(), [.. encoding.Shape.Dims.Select(d => (long)d)]).Keep();

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterizationTensor> Tensors => [new("", Parameter, IsTrained: false)];

    /// <inheritdoc/>
    public override TorchTensor Effective() => Parameter;

    /// <inheritdoc/>
    public override Encoding ToEncoding() => encoding;

    /// <inheritdoc/>
    public override void Dispose() => Parameter.Dispose();
}
