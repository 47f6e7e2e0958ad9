namespace Decant.Runtime.Kernels;

/// <summary>Where GatherElements reads and ScatterElements writes.</summary>
internal static class ElementPlaces
{
    /// <summary>For each index, in order, the element of data at its place but along the axis, where the index says.</summary>
    public static int[] Of(Shape data, Tensor indices, int axis)
    {
        int[] places = Places.On(data[axis], indices), strides = Strides.Of(data), extents = [.. indices.Shape.Dims];
        var at = new int[extents.Length];
        for (int i = 0; i < places.Length; i++)
        {
            int place = places[i] * strides[axis];
            for (int k = 0; k < at.Length; k++)
                if (k != axis) place += at[k] * strides[k];
            places[i] = place;
            for (int k = at.Length - 1; k >= 0 && ++at[k] == extents[k]; k--) at[k] = 0;
        }
        return places;
    }
}
