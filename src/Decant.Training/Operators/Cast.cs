using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class Cast
{
    public static TorchKernel Make(Op.Cast op) => x => Casting.To(x[0], op.To);
}
