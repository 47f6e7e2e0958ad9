using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Sub
{
    public static TorchTensor Run(TorchInputs x) => x[0].Sub(x[1]);
}
