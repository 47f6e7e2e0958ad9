namespace Decant.Runtime.Kernels;

/// <summary>Computes kernels on half-precision tensors in single precision: every operation rounds once, at the end.</summary>
internal static class HalfPrecision
{
    /// <summary>A kernel whose Float16 inputs are widened; its Float32 outputs are narrowed if input 0 was Float16.</summary>
    public static Kernel Widened(Kernel kernel) => (op, inputs, context) =>
    {
        if (!inputs.Any(t => t?.Type == ElementType.Float16)) return kernel(op, inputs, context);
        Tensor[] outputs = kernel(op, Array.ConvertAll(inputs, Widen), context);
        return inputs[0]!.Type == ElementType.Float16 ? Array.ConvertAll(outputs, Narrow) : outputs;
    };

    private static Tensor? Widen(Tensor? t) =>
        t?.Type == ElementType.Float16 ? Tensor.Of(t.Shape, Array.ConvertAll(t.Array<Half>(), x => (float)x)) : t;

    private static Tensor Narrow(Tensor t) =>
        t.Type == ElementType.Float32 ? Tensor.Of(t.Shape, Array.ConvertAll(t.Array<float>(), x => (Half)x)) : t;
}
