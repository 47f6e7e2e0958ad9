using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Identity
{
    public static TorchTensor Run(TorchInputs x) => x[0];
}
