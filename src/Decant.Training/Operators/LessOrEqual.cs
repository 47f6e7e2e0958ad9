using Decant.Torch;

namespace Decant.Training.Operators;

internal static class LessOrEqual
{
    public static TorchTensor Run(TorchInputs x) => x[0].Le(x[1]);
}
