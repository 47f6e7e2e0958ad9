using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Sum
{
    public static TorchTensor Run(TorchInputs x) => x.Fold(Ops.Add);
}
