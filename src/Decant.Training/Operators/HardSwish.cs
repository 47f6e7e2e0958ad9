using Decant.Torch;

namespace Decant.Training.Operators;

internal static class HardSwish
{
    public static TorchTensor Run(TorchInputs x) => x[0].HardSwish();
}
