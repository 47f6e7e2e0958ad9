using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Sqrt
{
    public static TorchTensor Run(TorchInputs x) => x[0].Sqrt();
}
