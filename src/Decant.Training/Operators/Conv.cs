using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class Conv
{
    private static readonly TorchOp Convolution = new("aten::convolution");

    public static TorchKernel Make(Op.Conv op)
    {
        var fit = new WindowFit(op.Window);
        return x => Run(fit.On(x[0], x[1].Shape.AsSpan(2)), x[0], x[1], x.Optional(2), op.Group);
    }

    public static TorchTensor Run(WindowOnTorch w, TorchTensor x, TorchTensor weight, TorchTensor? bias, long groups)
    {
        if (w.IsSymmetric) return Convolution.Call(x, weight, bias, w.Stride, w.Before, w.Dilation, false, w.None, groups);
        TorchTensor padded = x.ConstantPad(WindowOnTorch.PadAmounts(w.Before, w.After));
        return Convolution.Call(padded, weight, bias, w.Stride, w.None, w.Dilation, false, w.None, groups);
    }
}
