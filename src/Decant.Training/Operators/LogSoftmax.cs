using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class LogSoftmax
{
    public static TorchKernel Make(Op.LogSoftmax op) => x => x[0].LogSoftmax(op.Axis);
}
