using Decant.Torch;

namespace Decant.Training.Operators;

internal static class Clip
{
    private static readonly TorchOp ClampOp = new("aten::clamp.Tensor");

    public static TorchTensor Run(TorchInputs x) => x.Optional(1) is null && x.Optional(2) is null
        ? x[0]
        : ClampOp.Call(x[0], x.Optional(1), x.Optional(2));
}
