namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX MatMulInteger.</summary>
internal static class MatMulInteger
{
    public static Tensor Run(Operators.MatMulInteger op, Tensor?[] inputs, KernelContext context) =>
        Run(inputs[0]!, inputs.ElementAtOrDefault(2), inputs[1]!, inputs.ElementAtOrDefault(3), context);

    /// <summary>(A − a's zero point)·(B − b's zero point) in Int32.</summary>
    public static Tensor Run(Tensor a, Tensor? aZero, Tensor b, Tensor? bZero, KernelContext context)
    {
        Tensor x = Quantizing.Centered(a, aZero is null ? null : PerRow(aZero), context), y = Quantizing.Centered(b, bZero, context);
        var product = new Operators.MatMul(Attributes.None);
        return ExactSums.Run(x, y, a.Shape[-1], (left, right) => MatMul.Run(product, [left, right], context), context);
    }

    /// <summary>Numbers a row of A, as a column.</summary>
    public static Tensor PerRow(Tensor numbers) => numbers is { Shape.Rank: 1, Count: > 1 } ? numbers.Reshape(new Shape(numbers.Count, 1)) : numbers;
}
