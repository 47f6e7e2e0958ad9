using Decant.Torch;

namespace Decant.Training.Operators;

internal static class GreaterOrEqual
{
    public static TorchTensor Run(TorchInputs x) => x[0].Ge(x[1]);
}
