namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Dropout where it drops nothing.</summary>
internal static class Dropout
{
    public static Tensor[] Run(Operators.Dropout op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!;
        bool trains = inputs.ElementAtOrDefault(2) is { Type: ElementType.Bool, Count: 1 } training && training.Span<bool>()[0];
        if (trains && Ratio(inputs[1], context) != 0)
            throw new ModelException("training_mode is true: what is dropped would be random; run it with training_mode false");
        if (context.Wanted < 2) return [x.Clone()];
        Tensor mask = Tensor.Zeros(ElementType.Bool, x.Shape);
        mask.Span<bool>().Fill(true);
        return [x.Clone(), mask];
    }

    private static double Ratio(Tensor? ratio, KernelContext context) =>
        ratio is { Count: 1 } ? Casting.Convert(ratio, ElementType.Float64, context).Span<double>()[0] : 0.5;
}
