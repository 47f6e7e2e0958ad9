using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Round
{
    public static TorchTensor Run(TorchInputs x) => x[0].Round();
}
