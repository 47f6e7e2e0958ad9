using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class ConvInteger
{
    public static TorchKernel Make(Op.ConvInteger op)
    {
        var fit = new WindowFit(op.Convolution.Window);
        return x => Sums(op.Convolution, fit, x[0], x.Optional(2), x[1], x.Optional(3)).To(TorchType.Int32);
    }

    /// <summary>The convolution of x less its zero point with w less its own, in doubles.</summary>
    public static TorchTensor Sums(Op.Conv op, WindowFit fit, TorchTensor x, TorchTensor? xZero, TorchTensor w, TorchTensor? wZero)
    {
        TorchTensor filters = Quantizing.Centered(w, wZero is null ? null : Quantizing.PerChannel(wZero, w.Rank));
        return Conv.Run(fit.On(x, w.Shape.AsSpan(2)), Quantizing.Centered(x, xZero?.Reshape()), filters, null, op.Group);
    }
}
