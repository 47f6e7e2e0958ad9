using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class ConvTranspose
{
    private static readonly TorchOp Convolution = new("aten::convolution");

    /// <summary>Without padding; then the result is cut, or lengthened by zeros, to where ONNX has it.</summary>
    public static TorchKernel Make(Op.ConvTranspose op) => x =>
    {
        long[] sizes = x[0].Shape;
        int rank = sizes.Length - 2;
        long[] none = new long[rank], before = new long[rank], after = new long[rank];
        long[] strides = [.. none.Select((_, i) => (long)op.Window.Stride(i))], dilations = [.. none.Select((_, i) => (long)op.Window.Dilation(i))];
        op.Infer(x.Known());
        TorchTensor whole = Convolution.Call(x[0], x[1], (TorchTensor?)null, strides, none, dilations, true, none, op.Group);
        var fit = op.Fit(Shapes.Of(x[0]), Shapes.Of(x[1]));
        for (int i = 0; i < rank; i++) (before[i], after[i]) = (-fit[i].Before, fit[i].Output + fit[i].Before - whole.Size(i + 2));
        TorchTensor cut = whole.ConstantPad(WindowOnTorch.PadAmounts(before, after));
        return x.Optional(2) is { } bias ? cut.Add(bias.Reshape([-1, .. none.Select(_ => 1L)])) : cut;
    };
}
