using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class ArgMax
{
    public static TorchKernel Make(Op.ArgMax op) => x => ArgumentSearch.Run(op, x[0], Ops.ArgMax);
}
