using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Size
{
    public static TorchTensor Run(TorchInputs x) => TorchTensor.Scalar(x[0].ElementCount);
}
