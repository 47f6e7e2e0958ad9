using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Min
{
    public static TorchTensor Run(TorchInputs x) => x.Fold(Ops.Minimum);
}
