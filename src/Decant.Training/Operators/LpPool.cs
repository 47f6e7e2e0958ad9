using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class LpPool
{
    public static TorchKernel Make(Op.LpPool op)
    {
        long[] kernel = [.. op.Window.Kernel.Select(k => (long)k)];
        var fit = new WindowFit(op.Window);
        return x =>
        {
            WindowOnTorch w = fit.On(x[0], kernel);
            long[] sizes = x[0].Shape, after = [.. w.After.Select((a, i) => a + w.Excess(i, sizes[i + 2]))];
            TorchTensor planes = x[0].Abs().Pow(op.Power).Reshape([sizes[0] * sizes[1], 1, .. sizes[2..]]);
            return w.Sum(planes.ConstantPad(WindowOnTorch.PadAmounts(w.Before, after))).Pow(1.0 / op.Power).Reshape([sizes[0], sizes[1], .. w.Output]);
        };
    }
}
