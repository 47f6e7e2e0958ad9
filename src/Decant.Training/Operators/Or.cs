using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Or
{
    private static readonly TorchOp OrOp = new("aten::logical_or");

    public static TorchTensor Run(TorchInputs x) => OrOp.Call(x[0], x[1]);
}
