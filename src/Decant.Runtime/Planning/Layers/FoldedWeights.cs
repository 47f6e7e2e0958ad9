namespace Decant.Runtime.Planning.Layers;

/// <summary>The filters and bias of a convolution with the normalization after it multiplied in, computed when they are asked for.</summary>
internal sealed class FoldedWeights
{
    private readonly Lazy<(Encoding Filters, float[] Bias)> folded;

    public FoldedWeights(Operation operation, int groups, string? bias, KnownValues known)
    {
        string weight = operation.Node.Inputs[1];
        Key = $"{weight}\n{bias}\n{groups}\n{(operation.Normalization?.Operator as Operators.BatchNormalization)?.Epsilon}\n{(operation.Normalization is { } n ? string.Join('\n', n.Inputs) : "")}";
        folded = new(() => Fold(known.Encoding(weight) ?? new DenseEncoding(known.Constant(weight)!), bias is null ? null : known.Constant(bias)!.Array<float>(), operation.Normalization, known));
    }

    /// <summary>What tells these weights from others of the model.</summary>
    public string Key { get; }

    /// <summary>The filters as they are held.</summary>
    public Encoding Filters => folded.Value.Filters;

    /// <summary>The filters' numbers, decoded at each call.</summary>
    public Tensor Weight => Filters.Decode();

    /// <summary>The bias; empty for none.</summary>
    public float[] Bias => folded.Value.Bias;

    private static (Encoding, float[]) Fold(Encoding weight, float[]? bias, Node? normalization, KnownValues known)
    {
        if (normalization is null) return (weight, bias ?? []);
        var (scale, shift) = Normalizations.ScaleAndShift(normalization, known);
        float[] w = [.. weight.Decode().Span<float>()];
        int perFilter = w.Length / scale.Length;
        for (int i = 0; i < w.Length; i++) w[i] *= scale[i / perFilter];
        for (int o = 0; o < shift.Length; o++) shift[o] += bias is null ? 0 : bias[o] * scale[o];
        return (new DenseEncoding(Tensor.Of(weight.Shape, w)), shift);
    }
}
