using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX PRelu on every integer and floating-point type.</summary>
internal readonly struct PRelu : IBinaryArithmetic
{
    public static Tensor Run(Operators.PRelu op, Tensor?[] inputs, KernelContext context)
    {
        if (Shape.Broadcast(inputs[0]!.Shape, inputs[1]!.Shape) != context.Output)
            throw new ModelException($"a slope of shape {inputs[1]!.Shape} does not broadcast to {inputs[0]!.Shape}");
        return Broadcasting.Run<PRelu>(inputs, context);
    }

    public static T Apply<T>(T x, T y) where T : unmanaged, INumber<T> => x < T.Zero ? unchecked(x * y) : x;

    public static Vector<T> Apply<T>(Vector<T> x, Vector<T> y) where T : unmanaged, INumber<T> =>
        Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), x * y, x);
}
