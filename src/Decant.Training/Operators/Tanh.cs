using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Tanh
{
    public static TorchTensor Run(TorchInputs x) => x[0].Tanh();
}
