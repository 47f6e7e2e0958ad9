using Decant.Torch;

namespace Decant.Training.Operators;

internal static class MatMul
{
    public static TorchTensor Run(TorchInputs x) => x[0].MatMul(x[1]);
}
