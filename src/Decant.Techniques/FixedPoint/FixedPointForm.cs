using Decant.Core;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.FixedPoint;

/// <summary>Numbers that are kept in a group's finer format while they train, and that the network sees in its own.</summary>
internal sealed class FixedPointForm : WeightForm
{
    private readonly Shape shape;
    private readonly FixedPointGroup group;
    private readonly TorchTensor? mask;

    /// <summary>Begins at a weight.</summary>
    /// <param name="values">Its numbers.</param>
    /// <param name="group">Its format.</param>
    /// <param name="isPruned">Whether what is zero stays so.</param>
    public FixedPointForm(Tensor values, FixedPointGroup group, bool isPruned)
    {
        (shape, this.group) = (values.Shape, group);
        Parameter = Leaf(values.Span<float>(), shape);
        if (isPruned) mask = TorchTensor.From<float>(Array.ConvertAll(values.Array<float>(), v => v == 0 ? 0f : 1f), Parameter.Shape).Keep();
    }

    /// <inheritdoc/>
    public override TorchTensor Parameter { get; }

    /// <inheritdoc/>
    public override TorchTensor Effective() =>
        group.Format == group.Updates ? Parameter : StraightThrough.As(group.Format.Round(Parameter.Detach(), isDrawn: false), Parameter);

    /// <inheritdoc/>
    public override TorchTensor Evaluated() => group.Format.Round(Parameter.Detach(), isDrawn: false);

    /// <summary>Brings the numbers to the format they are kept in.</summary>
    public void Keep(bool isDrawn)
    {
        TorchTensor kept = group.Seen(Parameter).Updates.Round(Parameter.Detach(), isDrawn);
        Parameter.Copy_(mask is null ? kept : kept.Mul(mask));
    }

    /// <inheritdoc/>
    public override Encoding ToEncoding() => group.Format.Encode(Tensor.Of(shape, Parameter.ToArray<float>()));

    /// <inheritdoc/>
    public override void Dispose()
    {
        Parameter.Dispose();
        mask?.Dispose();
    }
}
