using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Reciprocal
{
    private static readonly TorchOp ReciprocalOp = new("aten::reciprocal");

    public static TorchTensor Run(TorchInputs x) => ReciprocalOp.Call(x[0]);
}
