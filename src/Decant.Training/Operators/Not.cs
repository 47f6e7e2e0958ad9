using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Not
{
    private static readonly TorchOp NotOp = new("aten::logical_not");

    public static TorchTensor Run(TorchInputs x) => NotOp.Call(x[0]);
}
