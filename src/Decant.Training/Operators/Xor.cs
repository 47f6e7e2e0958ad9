using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Xor
{
    private static readonly TorchOp XorOp = new("aten::logical_xor");

    public static TorchTensor Run(TorchInputs x) => XorOp.Call(x[0], x[1]);
}
