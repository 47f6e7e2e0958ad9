namespace Decant.Runtime.Kernels;

/// <summary>Distances between neighbours along each axis, in elements.</summary>
internal static class Strides
{
    /// <summary>The strides of a row-major tensor.</summary>
    public static int[] Of(Shape shape)
    {
        var strides = new int[shape.Rank];
        for (int axis = shape.Rank - 1, step = 1; axis >= 0; step *= shape[axis--]) strides[axis] = step;
        return strides;
    }

    /// <summary>The strides at which a tensor is read to fill a shape it broadcasts to: 0 along repeated axes.</summary>
    public static int[] Broadcast(Shape shape, Shape to)
    {
        int[] own = Of(shape), strides = new int[to.Rank];
        int lead = to.Rank - shape.Rank;
        for (int axis = 0; axis < shape.Rank; axis++) strides[lead + axis] = shape[axis] == 1 ? 0 : own[axis];
        return strides;
    }

    /// <summary>Where the <paramref name="index"/>-th combination of the leading axes begins (strides past them are not looked at).</summary>
    public static int Offset(int index, ReadOnlySpan<int> extents, ReadOnlySpan<int> strides)
    {
        int offset = 0;
        for (int axis = extents.Length - 1; axis >= 0; axis--)
        {
            (index, int at) = Math.DivRem(index, extents[axis]);
            offset += at * strides[axis];
        }
        return offset;
    }
}
