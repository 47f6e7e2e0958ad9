using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Less
{
    public static TorchTensor Run(TorchInputs x) => x[0].Lt(x[1]);
}
