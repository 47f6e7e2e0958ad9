using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class Gelu
{
    public static TorchKernel Make(Op.Gelu op) => x => x[0].Gelu(op.ByTanh);
}
