using Decant.Torch;

namespace Decant.Training.Operators;

internal static class NonZero
{
    private static readonly TorchOp Places = new("aten::nonzero");

    public static TorchTensor Run(TorchInputs x) => Places.Call(x[0]).Transpose(0, 1);
}
