using System.Collections.Immutable;

namespace Decant.Runtime.Kernels;

/// <summary>Computes kernels on half-precision tensors in single precision: every operation rounds once, at the end.</summary>
internal static class HalfPrecision
{
    /// <summary>A kernel whose Float16 inputs are widened; those of its outputs are narrowed that the operator says are Float16.</summary>
    public static Kernel Widened(Kernel kernel) => (op, inputs, context) =>
    {
        if (!inputs.Any(t => t?.Type == ElementType.Float16)) return kernel(op, inputs, context);
        ImmutableArray<TensorType?> types = op.Infer(context.Known);
        Tensor?[] wide = Array.ConvertAll(inputs, Widen);
        var known = new OperatorInputs([.. wide.Select(t => t is null ? null : new TensorType(t.Type, t.Shape))], [.. wide]);
        return [.. kernel(op, wide, context with { Known = known }).Select((o, i) => types[i]?.Type == ElementType.Float16 ? Narrow(o) : o)];
    };

    private static Tensor? Widen(Tensor? t) =>
        t?.Type == ElementType.Float16 ? Tensor.Of(t.Shape, Array.ConvertAll(t.Array<Half>(), x => (float)x)) : t;

    private static Tensor Narrow(Tensor t) =>
        t.Type == ElementType.Float32 ? Tensor.Of(t.Shape, Array.ConvertAll(t.Array<float>(), x => (Half)x)) : t;
}
