using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class Split
{
    public static TorchKernel Make(Op.Split op) => x =>
    {
        int axis = Shapes.Of(x[0]).Axis(op.Axis);
        TorchTensor[] parts = x[0].Split(Array.ConvertAll(op.Sizes((int)x[0].Size(axis), x.Integers(1)), s => (long)s), axis);
        for (int i = 1; i < parts.Length && x.Wants(i); i++) x.SetOutput(i, parts[i]);
        return parts[0];
    };
}
