using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class Concat
{
    public static TorchKernel Make(Op.Concat op) => x =>
    {
        var parts = new TorchTensor[x.Count];
        for (int i = 0; i < parts.Length; i++) parts[i] = x[i];
        return Ops.Cat(parts, op.Axis);
    };
}
