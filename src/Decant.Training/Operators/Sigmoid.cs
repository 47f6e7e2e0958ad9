using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Sigmoid
{
    public static TorchTensor Run(TorchInputs x) => x[0].Sigmoid();
}
