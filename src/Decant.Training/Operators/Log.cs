using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Log
{
    public static TorchTensor Run(TorchInputs x) => x[0].Log();
}
