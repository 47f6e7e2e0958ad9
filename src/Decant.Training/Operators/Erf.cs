using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Erf
{
    public static TorchTensor Run(TorchInputs x) => x[0].Erf();
}
