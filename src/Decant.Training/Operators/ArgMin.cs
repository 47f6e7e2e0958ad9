using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class ArgMin
{
    public static TorchKernel Make(Op.ArgMin op) => x => ArgumentSearch.Run(op, x[0], Ops.ArgMin);
}
