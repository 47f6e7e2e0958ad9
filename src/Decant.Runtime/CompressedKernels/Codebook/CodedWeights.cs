using Decant.Runtime.Vectors;

namespace Decant.Runtime.CompressedKernels.Codebook;

/// <summary>
/// Weights of few different numbers, up to a scale for each output, as codebook products: shared, ternary, binary and
/// linear ones.
/// </summary>
internal static class CodedWeights
{
    /// <summary>
    /// The product with a weight whose axis 0 is the outputs; null where its numbers are not a codebook times a scale
    /// an output.
    /// </summary>
    public static CodebookProduct? Product(Encoding weight, Epilogue finish) =>
        weight switch
        {
            CodebookEncoding shared => CodebookProduct.Of(shared, finish),
            TernaryEncoding ternary => Ternary(ternary, finish),
            BinaryEncoding binary => Binary(binary, finish),
            LinearEncoding { Bits: <= 8, Axis: <= 0, Block: 0 } linear => Linear(linear, finish),
            _ => null,
        };

    private static CodebookProduct? Ternary(TernaryEncoding weight, Epilogue finish)
    {
        bool one = weight.Negative.Length == 1;
        if (!one && !weight.Negative.SequenceEqual(weight.Positive))
            return null;
        byte[] indices = new byte[weight.Count];
        for (int i = 0; i < indices.Length; i++)
            indices[i] = (byte)(weight.Signs[i] + 1);
        return Make(
            weight,
            indices,
            one ? [-weight.Negative[0], 0, weight.Positive[0]] : [-1, 0, 1],
            one ? [] : weight.Positive,
            finish
        );
    }

    private static CodebookProduct Binary(BinaryEncoding weight, Epilogue finish)
    {
        bool one = weight.Scales.Length == 1;
        byte[] indices = new byte[weight.Count];
        for (int i = 0; i < indices.Length; i++)
            indices[i] = weight.IsPositive(i) ? (byte)1 : (byte)0;
        return Make(
            weight,
            indices,
            one ? [-weight.Scales[0], weight.Scales[0]] : [-1, 1],
            one ? [] : weight.Scales,
            finish
        );
    }

    private static CodebookProduct? Linear(LinearEncoding weight, Epilogue finish)
    {
        bool one = weight.Scales.Length == 1;
        int zero = weight.Zeros.IsEmpty ? 0 : weight.Zeros[0],
            half = 1 << (weight.Bits - 1);
        if (weight.Zeros.ContainsAnyExcept(zero))
            return null;
        float[] codebook = new float[2 * half];
        for (int q = -half; q < half; q++)
            codebook[q + half] = (q - zero) * (one ? weight.Scales[0] : 1);
        byte[] indices = new byte[weight.Count];
        for (int i = 0; i < indices.Length; i++)
            indices[i] = (byte)(weight.Codes[i] + half);
        return Make(weight, indices, codebook, one ? [] : weight.Scales, finish);
    }

    private static CodebookProduct Make(
        Encoding weight,
        byte[] indices,
        float[] codebook,
        ReadOnlySpan<float> scales,
        Epilogue finish
    ) => new(indices, codebook, weight.Shape[0], (int)weight.Shape.CountFrom(1), finish, scales);
}

/// <summary>
/// 64 bytes of codebook indices of one row, in the order in which vectors look them up, and the plain way to add their
/// products.
/// </summary>
internal static unsafe class CodeBlock
{
    /// <summary>Bytes of a block.</summary>
    public const int Bytes = 64;

    /// <summary>Columns of a block of 4-bit indices: nibble k of the 32-bit word i is column 16k + i.</summary>
    public const int NibbleColumns = 128;

    /// <summary>Columns of a block of 8-bit indices: byte 16a + 4b + c is column 16b + 4a + c.</summary>
    public const int ByteColumns = 64;

    /// <summary>Partial sums of a row: one for the columns of each remainder by 16.</summary>
    public const int Chains = 16;

    public static int NibblePlace(int column) => column % 16 * 4 + column / 32;

    public static int NibbleShift(int column) => column / 16 % 2 * 4;

    public static int BytePlace(int column) => column % 16 / 4 * 16 + column / 16 * 4 + column % 4;

    /// <summary>The codebook by bytes: byte p of entry i at 256p + i.</summary>
    public static Aligned<byte> Planes(ReadOnlySpan<float> codebook)
    {
        var result = new Aligned<byte>(4 * CodebookEncoding.MaxEntries);
        for (int i = 0; i < codebook.Length; i++)
        for (int p = 0; p < 4; p++)
            result.Span[CodebookEncoding.MaxEntries * p + i] = (byte)(
                BitConverter.SingleToUInt32Bits(codebook[i]) >> (8 * p)
            );
        return result;
    }

    /// <summary>Adds the products of some blocks of four rows to their chains, one look-up at a time.</summary>
    public static void Add<V, L>(byte* codes, bool nibbles, float* codebook, float* x, float* sums, int count)
        where V : unmanaged
        where L : struct, ISimd<V>
    {
        float* numbers = stackalloc float[NibbleColumns];
        int columns = nibbles ? NibbleColumns : ByteColumns;
        for (int block = 0; block < count; block++, x += columns)
        for (int row = 0; row < CodebookProduct.GroupRows; row++, codes += Bytes)
        {
            for (int c = 0; c < columns; c++)
                numbers[c] = codebook[nibbles ? codes[NibblePlace(c)] >> NibbleShift(c) & 15 : codes[BytePlace(c)]];
            for (int chain = 0; chain < Chains; chain += L.Count)
            {
                V sum = L.Load(sums + row * Chains + chain);
                for (int c = chain; c < columns; c += Chains)
                    sum = L.MultiplyAdd(L.Load(numbers + c), L.Load(x + c), sum);
                L.Store(sum, sums + row * Chains + chain);
            }
        }
    }

    /// <summary>Adds a row's chains up, by halves; what they held is lost.</summary>
    public static float Total(float* sums)
    {
        for (int half = Chains / 2; half > 0; half /= 2)
        for (int i = 0; i < half; i++)
            sums[i] += sums[i + half];
        return sums[0];
    }
}
