using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Cos
{
    private static readonly TorchOp CosOp = new("aten::cos");

    public static TorchTensor Run(TorchInputs x) => CosOp.Call(x[0]);
}
