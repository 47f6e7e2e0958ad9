using Decant.Core;
using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class MaxPool
{
    private static readonly TorchOp[] Pools = [new("aten::max_pool1d"), new("aten::max_pool2d"), new("aten::max_pool3d")];

    public static TorchKernel Make(Op.MaxPool op)
    {
        long[] kernel = [.. op.Window.Kernel.Select(k => (long)k)];
        if (kernel.Length is < 1 or > 3) throw new ModelException($"MaxPool over {kernel.Length} axes cannot be trained; 1 to 3 can");
        return x => Run(WindowOnTorch.Of(op.Window, x[0], kernel), x[0]);
    }

    private static TorchTensor Run(WindowOnTorch w, TorchTensor x)
    {
        TorchOp pool = Pools[w.Kernel.Length - 1];
        bool direct = w.IsSymmetric;
        for (int i = 0; i < w.Kernel.Length; i++) direct &= w.Before[i] <= w.Kernel[i] / 2 && w.Excess(i, x.Size(i + 2)) <= 0;
        if (direct) return pool.Call(x, w.Kernel, w.Stride, w.Before, w.Dilation, false);
        long[] after = [.. w.After.Select((a, i) => a + w.Excess(i, x.Size(i + 2)))];
        TorchTensor padded = x.ConstantPad(WindowOnTorch.PadAmounts(w.Before, after), double.NegativeInfinity);
        return pool.Call(padded, w.Kernel, w.Stride, new long[after.Length], w.Dilation, false);
    }
}
