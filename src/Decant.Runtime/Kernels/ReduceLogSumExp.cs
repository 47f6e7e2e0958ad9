namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX ReduceLogSumExp on floating-point types; the greatest number is taken off first, so that no exponential overflows.</summary>
internal static class ReduceLogSumExp
{
    public static Tensor Run(Operators.ReduceLogSumExp op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!;
        if (!x.Type.IsFloat()) throw new ModelException($"an input of {x.Type}; floating-point types are possible");
        bool[] reduced = op.Axes(x.Shape, context.Known.Integers(1));
        var kept = new Shape([.. x.Shape.Dims.Select((d, i) => reduced[i] ? 1 : d)]);
        Tensor max = Finite(Reducing.Run<ReduceMax>(x, reduced, kept, context));
        KernelContext whole = context with { Output = x.Shape }, part = context with { Output = kept };
        Tensor shifted = Elementwise.Run(default(Exp), Broadcasting.Run<Sub>([x, max], whole), whole);
        Tensor log = Elementwise.Run(default(Log), Reducing.Run<ReduceSum>(shifted, reduced, kept, context), part);
        return Broadcasting.Run<Add>(log, max, log, part).Reshape(context.Output);
    }

    /// <summary>Infinities are not taken off: their difference is no number.</summary>
    private static Tensor Finite(Tensor max)
    {
        if (max.Type == ElementType.Float32)
            foreach (ref float m in max.Span<float>()) m = float.IsInfinity(m) ? 0 : m;
        else
            foreach (ref double m in max.Span<double>()) m = double.IsInfinity(m) ? 0 : m;
        return max;
    }
}
