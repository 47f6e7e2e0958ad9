using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

internal static class Gemm
{
    public static TorchKernel Make(Op.Gemm op) =>
        x =>
        {
            bool plain = op is { Alpha: 1, Beta: 1, TransA: false, TransB: true };
            return plain && (x.Optional(2) is null or { Rank: 1 }) ? x[0].Linear(x[1], x.Optional(2)) : General(op, x);
        };

    private static TorchTensor General(Op.Gemm op, TorchInputs x)
    {
        TorchTensor a = op.TransA ? x[0].Transpose(0, 1) : x[0],
            b = op.TransB ? x[1].Transpose(0, 1) : x[1];
        TorchTensor product = a.MatMul(b);
        if (op.Alpha != 1)
            product = product.Mul(op.Alpha);
        return x.Optional(2) is { } c ? product.Add(op.Beta == 1 ? c : c.Mul(op.Beta)) : product;
    }
}

internal static class MatMul
{
    public static TorchTensor Run(TorchInputs x) => x[0].MatMul(x[1]);
}

internal static class MatMulInteger
{
    public static TorchTensor Run(TorchInputs x) =>
        Product(x[0], x.Optional(2), x[1], x.Optional(3)).To(TorchType.Int32);

    /// <summary>(A − a's zero point)·(B − b's zero point) in doubles.</summary>
    public static TorchTensor Product(TorchTensor a, TorchTensor? aZero, TorchTensor b, TorchTensor? bZero) =>
        Quantizing.Centered(a, aZero is null ? null : PerRow(aZero)).MatMul(Quantizing.Centered(b, bZero));

    /// <summary>Numbers a row of A, as a column.</summary>
    public static TorchTensor PerRow(TorchTensor numbers) =>
        numbers.Rank == 1 && numbers.ElementCount > 1 ? numbers.Unsqueeze(1) : numbers;
}

internal static class QLinearMatMul
{
    public static TorchTensor Run(TorchInputs x)
    {
        TorchTensor product = MatMulInteger.Product(x[0], x[2], x[3], x[5]);
        // The rows of a product with a vector are the product's own axis.
        TorchTensor left = x[3].Rank == 1 ? x[1] : MatMulInteger.PerRow(x[1]);
        TorchTensor real = product.Mul(left.To(TorchType.Float64)).Mul(x[4].To(TorchType.Float64));
        return Quantizing.Round(real, x[6], x[7], x.Types[7]);
    }
}

internal static class Det
{
    private static readonly TorchOp DetOp = new("aten::linalg_det");

    public static TorchTensor Run(TorchInputs x) => DetOp.Call(x[0]);
}
