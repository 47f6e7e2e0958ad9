using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class InstanceNormalization
{
    public static TorchKernel Make(Op.InstanceNormalization op) => x => GroupNormalization.Run(x, Math.Max(1, x[0].Size(1)), op.Epsilon);
}
