using Decant.Torch;

namespace Decant.Training.Operators;

internal static class PRelu
{
    public static TorchTensor Run(TorchInputs x) => x[0].Lt(0).Where(x[0].Mul(x[1]), x[0]);
}
