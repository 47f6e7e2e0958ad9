using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Sin
{
    private static readonly TorchOp SinOp = new("aten::sin");

    public static TorchTensor Run(TorchInputs x) => SinOp.Call(x[0]);
}
