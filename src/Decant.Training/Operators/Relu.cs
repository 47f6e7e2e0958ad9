using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Relu
{
    public static TorchTensor Run(TorchInputs x) => x[0].Relu();
}
