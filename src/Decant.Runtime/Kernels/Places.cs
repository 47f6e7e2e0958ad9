namespace Decant.Runtime.Kernels;

/// <summary>Indices given as a tensor of integers.</summary>
internal static class Places
{
    /// <summary>The indices as coordinates of an axis; negative ones count from its end.</summary>
    /// <exception cref="ModelException">One is outside, or they are not int32 or int64.</exception>
    public static int[] On(int extent, Tensor indices) => indices.Type switch
    {
        ElementType.Int64 => Array.ConvertAll(indices.Array<long>(), i => Inside(i, extent)),
        ElementType.Int32 => Array.ConvertAll(indices.Array<int>(), i => Inside(i, extent)),
        var type => throw new ModelException($"indices of {type}; they must be Int32 or Int64"),
    };

    /// <summary>One index as a coordinate.</summary>
    /// <exception cref="ModelException">It is outside.</exception>
    public static int Inside(long index, int extent) => index >= -extent && index < extent
        ? (int)(index < 0 ? index + extent : index)
        : throw new ModelException($"index {index} is outside an axis of {extent}");
}
