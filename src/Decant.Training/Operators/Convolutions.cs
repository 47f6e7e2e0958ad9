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
        if (w.IsSymmetric)
            return Convolution.Call(x, weight, bias, w.Stride, w.Before, w.Dilation, false, w.None, groups);
        TorchTensor padded = x.ConstantPad(WindowOnTorch.PadAmounts(w.Before, w.After));
        return Convolution.Call(padded, weight, bias, w.Stride, w.None, w.Dilation, false, w.None, groups);
    }
}

internal static class ConvInteger
{
    public static TorchKernel Make(Op.ConvInteger op)
    {
        var fit = new WindowFit(op.Convolution.Window);
        return x => Sums(op.Convolution, fit, x[0], x.Optional(2), x[1], x.Optional(3)).To(TorchType.Int32);
    }

    /// <summary>The convolution of x less its zero point with w less its own, in doubles.</summary>
    public static TorchTensor Sums(
        Op.Conv op,
        WindowFit fit,
        TorchTensor x,
        TorchTensor? xZero,
        TorchTensor w,
        TorchTensor? wZero
    )
    {
        TorchTensor filters = Quantizing.Centered(w, wZero is null ? null : Quantizing.PerChannel(wZero, w.Rank));
        return Conv.Run(
            fit.On(x, w.Shape.AsSpan(2)),
            Quantizing.Centered(x, xZero?.Reshape()),
            filters,
            null,
            op.Group
        );
    }
}

internal static class QLinearConv
{
    public static TorchKernel Make(Op.QLinearConv op)
    {
        var fit = new WindowFit(op.Convolution.Window);
        return x =>
        {
            TorchTensor sums = ConvInteger.Sums(op.Convolution, fit, x[0], x[2], x[3], x[5]);
            if (x.Optional(8) is { } bias)
                sums = sums.Add(Quantizing.PerChannel(bias.To(TorchType.Float64), sums.Rank - 1));
            TorchTensor real = sums.Mul(x[1].To(TorchType.Float64))
                .Mul(Quantizing.PerChannel(x[4].To(TorchType.Float64), sums.Rank - 1));
            return Quantizing.Round(real, x[6], x[7], x.Types[7]);
        };
    }
}

internal static class ConvTranspose
{
    private static readonly TorchOp Convolution = new("aten::convolution");

    /// <summary>Without padding; then the result is cut, or lengthened by zeros, to where ONNX has it.</summary>
    public static TorchKernel Make(Op.ConvTranspose op) =>
        x =>
        {
            long[] sizes = x[0].Shape;
            int rank = sizes.Length - 2;
            long[] none = new long[rank],
                before = new long[rank],
                after = new long[rank];
            long[] strides = [.. none.Select((_, i) => (long)op.Window.Stride(i))],
                dilations = [.. none.Select((_, i) => (long)op.Window.Dilation(i))];
            op.Infer(x.Known());
            TorchTensor whole = Convolution.Call(
                x[0],
                x[1],
                (TorchTensor?)null,
                strides,
                none,
                dilations,
                true,
                none,
                op.Group
            );
            var fit = op.Fit(Shapes.Of(x[0]), Shapes.Of(x[1]));
            for (int i = 0; i < rank; i++)
                (before[i], after[i]) = (-fit[i].Before, fit[i].Output + fit[i].Before - whole.Size(i + 2));
            TorchTensor cut = whole.ConstantPad(WindowOnTorch.PadAmounts(before, after));
            return x.Optional(2) is { } bias ? cut.Add(bias.Reshape([-1, .. none.Select(_ => 1L)])) : cut;
        };
}
