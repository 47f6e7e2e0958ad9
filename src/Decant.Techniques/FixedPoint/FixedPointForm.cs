using Decant.Core;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.FixedPoint;

/// <summary>Numbers that are kept in a group's finer format while they train, and that the network sees in its own.</summary>
internal sealed class FixedPointForm : WeightForm
{
    private readonly Shape shape;
    private readonly FixedPointGroup group;

    /// <summary>Begins at a weight.</summary>
    public FixedPointForm(Tensor values, FixedPointGroup group)
    {
        (shape, this.group) = (values.Shape, group);
        Parameter = Leaf(values.Span<float>(), shape);
    }

    /// <inheritdoc/>
    public override TorchTensor Parameter { get; }

    /// <inheritdoc/>
    public override TorchTensor Effective()
    {
        FixedPointGroup seen = group.Seen(Parameter);
        return seen.Format == seen.Updates ? Parameter : StraightThrough.As(seen.Format.Round(Parameter.Detach(), isDrawn: false), Parameter);
    }

    /// <inheritdoc/>
    public override TorchTensor Evaluated() => group.Format.Round(Parameter.Detach(), isDrawn: false);

    /// <summary>Brings the numbers to the format they are kept in.</summary>
    public void Keep(bool isDrawn) => Parameter.Copy_(group.Seen(Parameter).Updates.Round(Parameter.Detach(), isDrawn));

    /// <inheritdoc/>
    public override Encoding ToEncoding() => group.Format.Encode(Tensor.Of(shape, Parameter.ToArray<float>()));

    /// <inheritdoc/>
    public override void Dispose() => Parameter.Dispose();
}
