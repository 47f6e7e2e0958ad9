using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class BatchNormalization
{
    // ONNX's momentum is the share of the old statistics that stays, libtorch's the share of the new.
    public static TorchKernel Make(Op.BatchNormalization op) => x =>
        x[0].BatchNorm(x[1], x[2], x[3], x[4], x.Training, 1 - op.Momentum, op.Epsilon);
}
