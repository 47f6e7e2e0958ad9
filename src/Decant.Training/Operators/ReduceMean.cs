using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class ReduceMean
{
    public static TorchKernel Make(Op.ReduceMean op) => x => Reducing.Run(op, x, (t, axes, keep) =>
        t.IsFloat() ? t.Mean(axes, keep) : Reducing.Sum(t, axes, keep).Quotient(Math.Max(1, axes.Aggregate(1L, (n, a) => n * t.Size((int)a)))));
}
