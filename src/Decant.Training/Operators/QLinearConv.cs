using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class QLinearConv
{
    public static TorchKernel Make(Op.QLinearConv op)
    {
        var fit = new WindowFit(op.Convolution.Window);
        return x =>
        {
            TorchTensor sums = ConvInteger.Sums(op.Convolution, fit, x[0], x[2], x[3], x[5]);
            if (x.Optional(8) is { } bias) sums = sums.Add(Quantizing.PerChannel(bias.To(TorchType.Float64), sums.Rank - 1));
            TorchTensor real = sums.Mul(x[1].To(TorchType.Float64)).Mul(Quantizing.PerChannel(x[4].To(TorchType.Float64), sums.Rank - 1));
            return Quantizing.Round(real, x[6], x[7], x.Types[7]);
        };
    }
}
