namespace Decant.Runtime.Forms.Codebook;

/// <summary>Weights of few different numbers, up to a scale for each output, as codebook products: shared, ternary, binary and linear ones.</summary>
internal static class CodedWeights
{
    /// <summary>The product with a weight whose axis 0 is the outputs; null where its numbers are not a codebook times a scale an output.</summary>
    public static CodebookProduct? Product(Encoding weight, Finish finish) => weight switch
    {
        CodebookEncoding shared => CodebookProduct.Of(shared, finish),
        TernaryEncoding ternary => Ternary(ternary, finish),
        BinaryEncoding binary => Binary(binary, finish),
        LinearEncoding { Bits: <= 8, Axis: <= 0 } linear => Linear(linear, finish),
        _ => null,
    };

    private static CodebookProduct? Ternary(TernaryEncoding weight, Finish finish)
    {
        bool one = weight.Negative.Length == 1;
        if (!one && !weight.Negative.SequenceEqual(weight.Positive)) return null;
        byte[] indices = new byte[weight.Count];
        for (int i = 0; i < indices.Length; i++) indices[i] = (byte)(weight.Signs[i] + 1);
        return Make(weight, indices, one ? [-weight.Negative[0], 0, weight.Positive[0]] : [-1, 0, 1], one ? [] : weight.Positive, finish);
    }

    private static CodebookProduct Binary(BinaryEncoding weight, Finish finish)
    {
        bool one = weight.Scales.Length == 1;
        byte[] indices = new byte[weight.Count];
        for (int i = 0; i < indices.Length; i++) indices[i] = weight.IsPositive(i) ? (byte)1 : (byte)0;
        return Make(weight, indices, one ? [-weight.Scales[0], weight.Scales[0]] : [-1, 1], one ? [] : weight.Scales, finish);
    }

    private static CodebookProduct? Linear(LinearEncoding weight, Finish finish)
    {
        bool one = weight.Scales.Length == 1;
        int zero = weight.Zeros.IsEmpty ? 0 : weight.Zeros[0], half = 1 << (weight.Bits - 1);
        if (weight.Zeros.ContainsAnyExcept(zero)) return null;
        float[] codebook = new float[2 * half];
        for (int q = -half; q < half; q++) codebook[q + half] = (q - zero) * (one ? weight.Scales[0] : 1);
        byte[] indices = new byte[weight.Count];
        for (int i = 0; i < indices.Length; i++) indices[i] = (byte)(weight.Codes[i] + half);
        return Make(weight, indices, codebook, one ? [] : weight.Scales, finish);
    }

    private static CodebookProduct Make(Encoding weight, byte[] indices, float[] codebook, ReadOnlySpan<float> scales, Finish finish) =>
        new(indices, codebook, weight.Shape[0], (int)weight.Shape.CountFrom(1), finish, scales);
}
