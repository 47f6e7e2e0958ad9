using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Neg
{
    public static TorchTensor Run(TorchInputs x) => x[0].Neg();
}
