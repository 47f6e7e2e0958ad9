using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX GlobalMaxPool on floating-point tensors. NaN wins.</summary>
internal static class GlobalMaxPool
{
    public static Tensor Run(Operators.GlobalMaxPool op, Tensor?[] inputs, KernelContext context) => inputs[0]!.Type switch
    {
        ElementType.Float32 => Run<float>(inputs[0]!, context),
        ElementType.Float64 => Run<double>(inputs[0]!, context),
        ElementType.Float16 => Run<Half>(inputs[0]!, context),
        var type => throw new ModelException($"an input of {type}; floating-point types are possible"),
    };

    private static Tensor Run<T>(Tensor x, KernelContext context) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor y = Tensor.Zeros(x.Type, context.Output);
        int plane = (int)x.Shape.CountFrom(2);
        T[] from = x.Array<T>(), to = y.Array<T>();
        for (int i = 0; i < to.Length; i++)
        {
            T max = T.NegativeInfinity;
            foreach (T value in from.AsSpan(i * plane, plane)) max = T.Max(max, value);
            to[i] = max;
        }
        return y;
    }
}
