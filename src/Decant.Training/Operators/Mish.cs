using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Mish
{
    private static readonly TorchOp MishOp = new("aten::mish");

    public static TorchTensor Run(TorchInputs x) => MishOp.Call(x[0]);
}
