namespace Decant.Core;

/// <summary>
/// How scales are laid over a tensor: one for all, one for each place along an axis, or one for each block of places along it. With
/// the tensor seen as outer × extent × inner, the scale of (o, a, i) is number o·OuterStep + a/Block·Step + i·InnerStep.
/// </summary>
public readonly record struct Scaling(int Outer, int Extent, int Inner, int Block, int OuterStep, int Step, int InnerStep)
{
    /// <summary>Lays scales of a shape over a tensor.</summary>
    /// <exception cref="ModelException">They do not fit.</exception>
    public static Scaling Of(Shape x, Shape scale, long axis, long block)
    {
        if (block < 0) throw new ModelException($"attribute 'block_size' is {block}; it must be 0 or more");
        if (block == 0 && scale.Count == 1 && scale.Rank <= 1) return new Scaling(1, 1, checked((int)x.Count), 1, 0, 0, 0);
        int at = x.Axis(axis), outer = (int)new Shape(x.Dims.AsSpan()[..at]).Count, inner = (int)x.CountFrom(at + 1);
        if (block == 0)
            return scale.Rank == 1 && scale[0] == x[at]
                ? new Scaling(outer, x[at], inner, 1, 0, 1, 0)
                : throw new ModelException($"scales of shape {scale} do not fit axis {axis} of {x}");
        if (scale.Rank != x.Rank || scale.With(at, x[at]) != x || scale[at] != (x[at] + block - 1) / block)
            throw new ModelException($"scales of shape {scale} do not fit blocks of {block} along axis {axis} of {x}");
        return new Scaling(outer, x[at], inner, (int)Math.Min(block, int.MaxValue), scale[at] * inner, inner, 1);
    }
}
