using Decant.Torch;

namespace Decant.Training.Operators;

internal static class And
{
    private static readonly TorchOp AndOp = new("aten::logical_and");

    public static TorchTensor Run(TorchInputs x) => AndOp.Call(x[0], x[1]);
}
