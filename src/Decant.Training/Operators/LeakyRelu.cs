using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class LeakyRelu
{
    public static TorchKernel Make(Op.LeakyRelu op) => x => x[0].LeakyRelu(op.Alpha);
}
