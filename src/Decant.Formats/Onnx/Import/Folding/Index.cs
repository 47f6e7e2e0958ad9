using Decant.Core;

namespace Decant.Formats.Onnx.Import.Folding;

/// <summary>For each element of a result, row-major, which element of an operand it is.</summary>
internal static class Index
{
    /// <summary>A walk over a result in which a step along each axis moves so far in the operand.</summary>
    /// <param name="shape">The result's shape.</param>
    /// <param name="start">The operand's element that the first is.</param>
    /// <param name="steps">For each axis of the result, how far a step goes in the operand.</param>
    public static int[] Walk(Shape shape, int start, ReadOnlySpan<int> steps)
    {
        var result = new int[(int)shape.Count];
        var at = new int[shape.Rank];
        for (int i = 0, from = start; i < result.Length; i++)
        {
            result[i] = from;
            for (int axis = at.Length - 1; axis >= 0; axis--)
            {
                from += steps[axis];
                if (++at[axis] < shape[axis]) break;
                from -= steps[axis] * shape[axis];
                at[axis] = 0;
            }
        }
        return result;
    }

    /// <summary>How far a step along each axis of a row-major tensor goes.</summary>
    public static int[] Strides(Shape shape)
    {
        var strides = new int[shape.Rank];
        for (int axis = strides.Length - 1, stride = 1; axis >= 0; stride *= shape[axis--]) strides[axis] = stride;
        return strides;
    }

    /// <summary>An operand broadcast to a result's shape.</summary>
    public static int[] Broadcast(Shape operand, Shape result)
    {
        int[] strides = Strides(operand), steps = new int[result.Rank];
        for (int i = 1; i <= operand.Rank; i++) steps[^i] = operand[-i] == 1 ? 0 : strides[^i];
        return Walk(result, 0, steps);
    }
}
