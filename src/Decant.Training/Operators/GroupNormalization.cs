using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class GroupNormalization
{
    private static readonly TorchOp GroupNorm = new("aten::group_norm");

    public static TorchKernel Make(Op.GroupNormalization op) => x => Run(x, op.Groups, op.Epsilon);

    public static TorchTensor Run(TorchInputs x, long groups, double epsilon) => GroupNorm.Call(x[0], groups, x[1], x[2], epsilon, false);
}
