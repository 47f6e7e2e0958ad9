using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Floor
{
    public static TorchTensor Run(TorchInputs x) => x[0].Floor();
}
