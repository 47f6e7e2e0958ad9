using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class AveragePool
{
    public static TorchKernel Make(Op.AveragePool op)
    {
        long[] kernel = [.. op.Window.Kernel.Select(k => (long)k)];
        var fit = new WindowFit(op.Window);
        return x => Run(op, fit.On(x[0], kernel), x[0]);
    }

    /// <summary>Sums over windows, divided by how many places count: both are convolutions with ones, channel by channel.</summary>
    private static TorchTensor Run(Op.AveragePool op, WindowOnTorch w, TorchTensor x)
    {
        long[] sizes = x.Shape, outside = [.. w.After.Select((_, i) => w.Excess(i, sizes[i + 2]))];
        long[] inner = WindowOnTorch.PadAmounts(w.Before, w.After), outer = WindowOnTorch.PadAmounts(new long[outside.Length], outside);
        TorchTensor planes = x.Reshape([sizes[0] * sizes[1], 1, .. sizes[2..]]), counted = Ops.Ones([1, 1, .. sizes[2..]]);
        TorchTensor sums = w.Sum(planes.ConstantPad(inner).ConstantPad(outer));
        TorchTensor places = counted.ConstantPad(inner, op.CountIncludePad ? 1 : 0).ConstantPad(outer);
        return sums.Div(w.Sum(places)).Reshape([sizes[0], sizes[1], .. w.Output]);
    }
}
