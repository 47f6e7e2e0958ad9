namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Pad on every element type. Where pads are negative the input is cropped first, then padded.</summary>
internal static class Pad
{
    public static Tensor Run(Operators.Pad op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!;
        var (before, after) = Operators.Pad.Amounts(x.Shape, context.Known.Integers(1)!, context.Known.Integers(3));
        var maps = new int[x.Shape.Rank][];
        for (int axis = 0; axis < maps.Length; axis++)
            maps[axis] = Map(op.Mode, x.Shape[axis], before[axis], after[axis], context.Output[axis]);
        return AxisGather.Run(x, maps, context.Output, Constant(x, inputs.ElementAtOrDefault(2)));
    }

    private static int[] Map(string mode, int extent, int before, int after, int output)
    {
        int first = Math.Max(0, -before), left = extent - first - Math.Max(0, -after);
        if (mode is not ("constant" or "reflect" or "edge" or "wrap"))
            throw new ModelException($"attribute 'mode' is '{mode}'; possible are constant, reflect, edge, wrap");
        if (mode != "constant" && left <= 0 && output > 0)
            throw new ModelException($"mode '{mode}' has nothing to repeat along an axis of {extent} padded by {before} and {after}");
        var map = new int[output];
        for (int i = 0; i < output; i++)
            map[i] = mode == "constant" ? Within(i - before, extent) : first + Repeat(mode, i - Math.Max(0, before), left);
        return map;
    }

    private static int Within(int at, int extent) => at >= 0 && at < extent ? at : AxisGather.Fill;

    /// <summary>The coordinate in 0..n-1 that stands at <paramref name="at"/>, which may lie outside on either side.</summary>
    private static int Repeat(string mode, int at, int n) => mode switch
    {
        "edge" => Math.Clamp(at, 0, n - 1),
        "wrap" => Modulo(at, n),
        _ => n == 1 ? 0 : n - 1 - Math.Abs(n - 1 - Modulo(at, 2 * (n - 1))),
    };

    private static int Modulo(int a, int n) => (a % n + n) % n;

    private static ReadOnlySpan<byte> Constant(Tensor x, Tensor? value)
    {
        if (value is null) return [];
        if (value.Type != x.Type || value.Count != 1)
            throw new ModelException($"constant_value is {value}; it must be one number of {x.Type}");
        return value.Bytes();
    }
}
