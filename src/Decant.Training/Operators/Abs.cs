using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Abs
{
    public static TorchTensor Run(TorchInputs x) => x[0].Abs();
}
