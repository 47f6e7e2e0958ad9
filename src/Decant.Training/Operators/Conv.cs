using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class Conv
{
    private static readonly TorchOp Convolution = new("aten::convolution");

    public static TorchKernel Make(Op.Conv op)
    {
        // Worked out again only when the input's extents change.
        long[] extents = [];
        WindowOnTorch? window = null;
        return x =>
        {
            if (window is null || !Same(extents, x[0]))
                (extents, window) = (x[0].Shape, WindowOnTorch.Of(op.Window, x[0], x[1].Shape.AsSpan(2)));
            return Run(window, x[0], x[1], x.Optional(2), op.Group);
        };
    }

    private static TorchTensor Run(WindowOnTorch w, TorchTensor x, TorchTensor weight, TorchTensor? bias, long groups)
    {
        long[] padding = w.Before;
        if (!w.IsSymmetric) (x, padding) = (x.ConstantPad(WindowOnTorch.PadAmounts(w.Before, w.After)), new long[w.Before.Length]);
        return Convolution.Call(x, weight, bias, w.Stride, padding, w.Dilation, false, new long[padding.Length], groups);
    }

    private static bool Same(long[] extents, TorchTensor x)
    {
        for (int i = 2; i < extents.Length; i++)
            if (x.Size(i) != extents[i]) return false;
        return extents.Length == x.Rank;
    }
}
