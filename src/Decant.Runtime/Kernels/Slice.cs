namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Slice on every element type.</summary>
internal static class Slice
{
    public static Tensor Run(Operators.Slice op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!;
        OperatorInputs known = context.Known;
        int[][] maps = [.. x.Shape.Dims.Select(extent => Enumerable.Range(0, extent).ToArray())];
        foreach (var (axis, start, step, count) in
            Operators.Slice.Ranges(x.Shape, known.Integers(1)!, known.Integers(2)!, known.Integers(3), known.Integers(4)))
            maps[axis] = Steps(start, step, count);
        return AxisGather.Run(x, maps, context.Output, []);
    }

    private static int[] Steps(int start, int step, int count)
    {
        var map = new int[count];
        for (int i = 0; i < count; i++) map[i] = start + i * step;
        return map;
    }
}
