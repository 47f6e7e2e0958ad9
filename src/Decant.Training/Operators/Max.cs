using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Max
{
    public static TorchTensor Run(TorchInputs x) => x.Fold(Ops.Maximum);
}
