using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Equal
{
    public static TorchTensor Run(TorchInputs x) => x[0].Eq(x[1]);
}
