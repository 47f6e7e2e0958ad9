using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class LayerNormalization
{
    private static readonly TorchOp Normalize = new("aten::native_layer_norm");

    public static TorchKernel Make(Op.LayerNormalization op) => x =>
    {
        int axis = Shapes.Of(x[0]).Axis(op.Axis);
        TorchTensor scaled = (x.Wants(1) ? Composed(x, axis, op.Epsilon) : Fused(x[0], axis, op.Epsilon)).Mul(x[1]);
        return x.Optional(2) is { } bias ? scaled.Add(bias) : scaled;
    };

    private static TorchTensor Fused(TorchTensor x, int axis, double epsilon) =>
        Normalize.CallMany(x, x.Shape[axis..], (TorchTensor?)null, (TorchTensor?)null, epsilon)[0]!;

    /// <summary>libtorch's own statistics stop gradients.</summary>
    private static TorchTensor Composed(TorchInputs x, int axis, double epsilon)
    {
        long[] axes = [.. Enumerable.Range(axis, x[0].Rank - axis).Select(i => (long)i)];
        TorchTensor mean = x[0].Mean(axes, keep: true), centered = x[0].Sub(mean);
        TorchTensor inverse = centered.Mul(centered).Mean(axes, keep: true).Add(epsilon).Rsqrt();
        x.SetOutput(1, mean);
        if (x.Wants(2)) x.SetOutput(2, inverse);
        return centered.Mul(inverse);
    }
}
