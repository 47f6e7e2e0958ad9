using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX GlobalAveragePool on floating-point tensors; sums are in double precision.</summary>
internal static class GlobalAveragePool
{
    public static Tensor Run(Operators.GlobalAveragePool op, Tensor?[] inputs, KernelContext context) => inputs[0]!.Type switch
    {
        ElementType.Float32 => Run<float>(inputs[0]!, context),
        ElementType.Float64 => Run<double>(inputs[0]!, context),
        var type => throw new ModelException($"an input of {type}; floating-point types are possible"),
    };

    private static Tensor Run<T>(Tensor x, KernelContext context) where T : unmanaged, INumber<T>
    {
        Tensor y = Tensor.Zeros(x.Type, context.Output);
        int plane = (int)x.Shape.CountFrom(2);
        T[] from = x.Array<T>(), to = y.Array<T>();
        for (int i = 0; i < to.Length; i++)
        {
            double sum = 0;
            foreach (T value in from.AsSpan(i * plane, plane)) sum += double.CreateTruncating(value);
            to[i] = T.CreateTruncating(sum / plane);
        }
        return y;
    }
}
