namespace Decant.Runtime.Kernels;

/// <summary>Computes functions of one number on floating-point types, element by element.</summary>
internal static class ScalarFunctions
{
    private const int Grain = 1 << 12;

    public static Tensor Run(Operators.ScalarFunction op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!,
            result = Tensor.Zeros(x.Type, context.Output);
        if (x.Type == ElementType.Float64)
            Doubles(op, x.Array<double>(), result.Array<double>(), context);
        else
            Floats(op, x.Array<float>(), result.Array<float>(), context);
        return result;
    }

    private static void Floats(Operators.ScalarFunction op, float[] from, float[] to, KernelContext context) =>
        context.Threads.Ranges(from.Length, Grain, (first, end) =>
        {
            for (int i = first; i < end; i++)
                to[i] = (float)op.Of(from[i]);
        });

    private static void Doubles(Operators.ScalarFunction op, double[] from, double[] to, KernelContext context) =>
        context.Threads.Ranges(from.Length, Grain, (first, end) =>
        {
            for (int i = first; i < end; i++)
                to[i] = op.Of(from[i]);
        });
}
