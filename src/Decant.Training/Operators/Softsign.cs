using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Softsign
{
    public static TorchTensor Run(TorchInputs x) => x[0].Div(x[0].Abs().Add(1));
}
