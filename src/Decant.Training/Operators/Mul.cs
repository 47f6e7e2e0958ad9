using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Mul
{
    public static TorchTensor Run(TorchInputs x) => x[0].Mul(x[1]);
}
