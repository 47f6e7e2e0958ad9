using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Ceil
{
    public static TorchTensor Run(TorchInputs x) => x[0].Ceil();
}
