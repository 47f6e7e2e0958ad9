using Decant.Torch;

namespace Decant.Training.Operators;

internal static class QLinearMatMul
{
    public static TorchTensor Run(TorchInputs x)
    {
        TorchTensor product = MatMulInteger.Product(x[0], x[2], x[3], x[5]);
        TorchTensor real = product.Mul(MatMulInteger.PerRow(x[1]).To(TorchType.Float64)).Mul(x[4].To(TorchType.Float64));
        return Quantizing.Round(real, x[6], x[7], x.Types[7]);
    }
}
