using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class Transpose
{
    public static TorchKernel Make(Op.Transpose op) => x => x[0].Permute(Array.ConvertAll(op.Order(x[0].Rank), a => (long)a));
}
