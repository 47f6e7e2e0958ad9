using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Add
{
    public static TorchTensor Run(TorchInputs x) => x[0].Add(x[1]);
}
