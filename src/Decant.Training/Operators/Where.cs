using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Where
{
    public static TorchTensor Run(TorchInputs x) => x[0].Where(x[1], x[2]);
}
