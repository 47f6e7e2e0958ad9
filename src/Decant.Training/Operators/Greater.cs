using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Greater
{
    public static TorchTensor Run(TorchInputs x) => x[0].Gt(x[1]);
}
