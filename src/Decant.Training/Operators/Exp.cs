using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Exp
{
    public static TorchTensor Run(TorchInputs x) => x[0].Exp();
}
