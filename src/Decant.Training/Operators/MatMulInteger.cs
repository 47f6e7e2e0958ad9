using Decant.Torch;

namespace Decant.Training.Operators;

internal static class MatMulInteger
{
    public static TorchTensor Run(TorchInputs x) => Product(x[0], x.Optional(2), x[1], x.Optional(3)).To(TorchType.Int32);

    /// <summary>(A − a's zero point)·(B − b's zero point) in doubles.</summary>
    public static TorchTensor Product(TorchTensor a, TorchTensor? aZero, TorchTensor b, TorchTensor? bZero) =>
        Quantizing.Centered(a, aZero is null ? null : PerRow(aZero)).MatMul(Quantizing.Centered(b, bZero));

    /// <summary>Numbers a row of A, as a column.</summary>
    public static TorchTensor PerRow(TorchTensor numbers) => numbers.Rank == 1 && numbers.ElementCount > 1 ? numbers.Unsqueeze(1) : numbers;
}
