using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Sign
{
    public static TorchTensor Run(TorchInputs x) => x[0].Sign();
}
