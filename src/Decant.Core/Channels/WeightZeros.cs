namespace Decant.Core.Channels;

/// <summary>Sets numbers of weights to zero; an encoding that has a zero stays what it is.</summary>
internal static class WeightZeros
{
    /// <summary>The weight with zeros where they are wanted.</summary>
    public static Encoding Set(Encoding encoding, bool[] zero) => encoding switch
    {
        SparseEncoding e => Set(e, zero),
        CodebookEncoding e when Entry(e) is >= 0 and var entry => Set(e, zero, entry),
        LinearEncoding { Bits: <= 8 } e => Set(e, zero),
        TernaryEncoding e => new TernaryEncoding(e.Shape, Set<sbyte>(e.Signs, zero, _ => 0), e.Negative.ToArray(), e.Positive.ToArray()),
        _ => new DenseEncoding(Tensor.Of(encoding.Shape, Set<float>(encoding.Decode().Span<float>(), zero, _ => 0))),
    };

    private static SparseEncoding Set(SparseEncoding e, bool[] zero)
    {
        int[] positions = e.Positions.ToArray();
        float[] values = e.Values.ToArray();
        return new SparseEncoding(e.Shape, [.. positions.Where(p => !zero[p])], [.. values.Where((_, k) => !zero[positions[k]])]);
    }

    private static CodebookEncoding Set(CodebookEncoding e, bool[] zero, int entry)
    {
        float[] codebook = entry < e.Codebook.Length ? e.Codebook.ToArray() : [.. e.Codebook, 0];
        return new CodebookEncoding(e.Shape, codebook, Set<byte>(e.Indices, zero, _ => (byte)entry), e.ZeroApart);
    }

    private static LinearEncoding Set(LinearEncoding e, bool[] zero)
    {
        int inner = e.Axis < 0 ? Math.Max(1, e.Count) : (int)e.Shape.CountFrom(e.Axis + 1);
        int[] zeros = e.Zeros.ToArray();
        return new LinearEncoding(e.Shape, e.Bits, Set<sbyte>(e.Codes, zero, i => (sbyte)(zeros.Length == 0 ? 0 : zeros[i / inner % zeros.Length])), e.Scales.ToArray(), zeros, e.Axis);
    }

    /// <summary>The entry that is zero, or the place for one; below 0 if there is none left.</summary>
    private static int Entry(CodebookEncoding e) => e.Codebook.IndexOf(0f) is >= 0 and var at ? at : e.Codebook.Length < CodebookEncoding.MaxEntries ? e.Codebook.Length : -1;

    private static T[] Set<T>(ReadOnlySpan<T> values, bool[] zero, Func<int, T> put)
    {
        T[] result = values.ToArray();
        for (int i = 0; i < result.Length; i++)
            if (zero[i]) result[i] = put(i);
        return result;
    }
}
