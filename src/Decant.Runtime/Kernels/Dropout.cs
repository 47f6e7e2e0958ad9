namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Dropout where it drops nothing, or what its seed says.</summary>
internal static class Dropout
{
    public static Tensor[] Run(Operators.Dropout op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!;
        bool trains = inputs.ElementAtOrDefault(2) is { Type: ElementType.Bool, Count: 1 } training && training.Span<bool>()[0];
        double ratio = trains ? Ratio(inputs.ElementAtOrDefault(1), context) : 0;
        bool[]? kept = ratio == 0 ? null : op.Kept(x.Count, ratio);
        Tensor result = kept is null ? x.Clone() : Drop(x, kept, ratio, context);
        if (context.Wanted < 2) return [result];
        if (kept is not null) return [result, Tensor.Of(x.Shape, kept)];
        Tensor mask = Tensor.Zeros(ElementType.Bool, x.Shape);
        mask.Span<bool>().Fill(true);
        return [result, mask];
    }

    private static Tensor Drop(Tensor x, bool[] kept, double ratio, KernelContext context)
    {
        double scale = ratio < 1 ? 1 / (1 - ratio) : 0;
        Span<double> values = Casting.Convert(x, ElementType.Float64, context).Span<double>();
        var result = new double[values.Length];
        for (int i = 0; i < result.Length; i++) result[i] = values[i] * (kept[i] ? scale : 0);
        return Casting.Convert(Tensor.Of(x.Shape, result), x.Type, context);
    }

    private static double Ratio(Tensor? ratio, KernelContext context) =>
        ratio is { Count: 1 } ? Casting.Convert(ratio, ElementType.Float64, context).Span<double>()[0] : 0.5;
}
