using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class RMSNormalization
{
    public static TorchKernel Make(Op.RMSNormalization op) => x =>
    {
        int axis = Shapes.Of(x[0]).Axis(op.Axis);
        long[] axes = [.. Enumerable.Range(axis, x[0].Rank - axis).Select(i => (long)i)];
        return x[0].Mul(x[0].Mul(x[0]).Mean(axes, keep: true).Add(op.Epsilon).Rsqrt()).Mul(x[1]);
    };
}
