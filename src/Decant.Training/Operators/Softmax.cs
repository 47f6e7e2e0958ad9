using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class Softmax
{
    public static TorchKernel Make(Op.Softmax op) => x => x[0].Softmax(op.Axis);
}
