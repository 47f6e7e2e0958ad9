using Decant.Core;

namespace Decant.Coding;

/// <summary>
/// Codes weights of any kind into one arithmetic stream. Weights that share a stream share what was learnt of floats
/// and integers.
/// </summary>
internal sealed class MixedWeightModel
{
    private readonly ElementModels? elements;
    private readonly FloatModel floats = new();
    private readonly CodebookModel codebooks = new();
    private readonly NumberModel integers = new(1);
    private readonly BitTree bytes = new(8, 8);

    private int afterCodebook,
        afterPositions;

    /// <summary>A model of a stream of version 1.</summary>
    public MixedWeightModel() { }

    /// <summary>A model of a stream in which each dense weight may be coded by its elements.</summary>
    /// <param name="codecs">All weights of the stream.</param>
    /// <param name="earlier">A tensor to learn from first; null for none.</param>
    public MixedWeightModel(IReadOnlyList<WeightCodec> codecs, Tensor? earlier = null) =>
        elements = new ElementModels(codecs, earlier);

    /// <summary>Where the last weight's bytes went.</summary>
    /// <param name="start">Bytes of the stream before it.</param>
    /// <param name="end">Bytes of the stream after it.</param>
    /// <param name="head">Bytes before the stream that count as its own.</param>
    /// <param name="method">The method of the stream.</param>
    public WeightBytes BytesOf(int start, int end, int head, WeightMethod method)
    {
        int codebook = Math.Clamp(afterCodebook, start, end),
            positions = Math.Clamp(afterPositions, codebook, end);
        return new(method, codebook - start + head, positions - codebook, end - positions);
    }

    /// <summary>Codes a weight.</summary>
    /// <param name="coder">The coder.</param>
    /// <param name="codec">What it is.</param>
    /// <param name="given">The weight when encoding; null when decoding.</param>
    /// <returns>The weight decoded; null when encoding.</returns>
    public Encoding? Code<T>(ref T coder, WeightCodec codec, Encoding? given)
        where T : struct, IBinaryCoder
    {
        afterCodebook = afterPositions = coder.Length;
        return codec.Kind switch
        {
            WeightKind.Dense => Dense(ref coder, codec, given as DenseEncoding),
            WeightKind.Sparse => Sparse(ref coder, codec, given as SparseEncoding),
            WeightKind.Linear or WeightKind.Ternary or WeightKind.Binary or WeightKind.Vector => Scaled(
                ref coder,
                codec,
                given
            ),
            _ => Codebook(ref coder, codec, given as CodebookEncoding),
        };
    }

    private DenseEncoding? Dense<T>(ref T coder, WeightCodec codec, DenseEncoding? given)
        where T : struct, IBinaryCoder
    {
        Tensor tensor = given?.Decode() ?? Tensor.Zeros(codec.Type, codec.Shape);
        bool encode = given is not null;
        if (elements is not null && elements.Code(ref coder, tensor, encode))
            return encode ? null : new DenseEncoding(tensor);
        switch (codec.Type)
        {
            case ElementType.Float32:
                Span<float> values = tensor.Span<float>();
                floats.Code(ref coder, encode ? values : [], encode ? [] : values);
                break;
            case ElementType.Int64:
                Span<long> longs = tensor.Span<long>();
                for (int i = 0; i < longs.Length; i++)
                    if (Integer(ref coder, encode ? longs[i] : 0) is var v && !encode)
                        longs[i] = v;
                break;
            default:
                Bytes(ref coder, tensor, encode);
                break;
        }
        return encode ? null : new DenseEncoding(tensor);
    }

    /// <summary>Codes a dense weight as a codebook of its distinct values.</summary>
    /// <param name="coder">The coder.</param>
    /// <param name="codec">The dense weight.</param>
    /// <param name="given">The codebook when encoding; null when decoding.</param>
    /// <returns>The weight decoded; null when encoding.</returns>
    /// <exception cref="FileFormatException">The stream is damaged: it is not of floats.</exception>
    public DenseEncoding? Values<T>(ref T coder, WeightCodec codec, CodebookEncoding? given)
        where T : struct, IBinaryCoder
    {
        if (codec.Type != ElementType.Float32)
            throw new FileFormatException($"distinct values of {codec.Type}; only Float32 has such");
        bool apart = coder.CodeRaw(given is { ZeroApart: true } ? 1u : 0, 1) == 1;
        var kind = apart ? WeightKind.CodebookZeroApart : WeightKind.Codebook;
        return Codebook(ref coder, codec with { Kind = kind }, given) is { } made
            ? new DenseEncoding(made.Decode())
            : null;
    }

    private long Integer<T>(ref T coder, long value)
        where T : struct, IBinaryCoder
    {
        ulong zigzag = integers.Code(ref coder, (ulong)(value << 1 ^ value >> 63));
        return (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
    }

    /// <summary>Each element's bytes, low ones first, each place with statistics of its own.</summary>
    private void Bytes<T>(ref T coder, Tensor tensor, bool encode)
        where T : struct, IBinaryCoder
    {
        Span<byte> all = tensor.Bytes();
        int size = tensor.Type.Size();
        for (int i = 0; i < all.Length; i++)
            if ((byte)bytes.Code(ref coder, encode ? all[i] : 0, i % size) is var b && !encode)
                all[i] = b;
    }

    private SparseEncoding? Sparse<T>(ref T coder, WeightCodec codec, SparseEncoding? given)
        where T : struct, IBinaryCoder
    {
        byte[] mask = new byte[codec.Count];
        if (given is not null)
            foreach (int p in given.Positions)
                mask[p] = 1;
        new MaskModel(WeightGrid.Of(codec.Shape)).Code(ref coder, given is null ? [] : mask, given is null ? mask : []);
        afterPositions = coder.Length;
        if (given is not null)
        {
            floats.Code(ref coder, given.Values, []);
            return null;
        }
        int[] positions = PositionsOf(mask);
        float[] values = new float[positions.Length];
        floats.Code(ref coder, [], values);
        return new SparseEncoding(codec.Shape, positions, values);
    }

    private CodebookEncoding? Codebook<T>(ref T coder, WeightCodec codec, CodebookEncoding? given)
        where T : struct, IBinaryCoder
    {
        bool apart = codec.Kind == WeightKind.CodebookZeroApart;
        SortedCodebook? sorted = given is null ? null : new SortedCodebook(given);
        float[] values = codebooks.CodeAll(ref coder, sorted?.Values, apart);
        afterCodebook = afterPositions = coder.Length;
        byte[] indices = sorted?.Indices(given!.Indices) ?? new byte[codec.Count];
        byte[] mask = [];
        var grid = WeightGrid.Of(codec.Shape);
        if (apart)
        {
            mask = new byte[indices.Length];
            for (int i = 0; i < mask.Length; i++)
                mask[i] = (byte)Math.Min(1, (int)indices[i]);
            new MaskModel(grid).Code(ref coder, sorted is null ? [] : mask, sorted is null ? mask : []);
            afterPositions = coder.Length;
        }
        new IndexModel(grid, values, apart ? 1 : 0).Code(
            ref coder,
            mask,
            sorted is null ? [] : indices,
            sorted is null ? indices : []
        );
        return sorted is null ? new CodebookEncoding(codec.Shape, values, indices, apart) : null;
    }

    private Encoding? Scaled<T>(ref T coder, WeightCodec codec, Encoding? given)
        where T : struct, IBinaryCoder
    {
        var model = new ScaledModel(floats, integers);
        Encoding? result = model.Code(ref coder, codec, given);
        afterCodebook = afterPositions = model.AfterScales;
        return result;
    }

    private static int[] PositionsOf(byte[] mask)
    {
        var positions = new int[mask.AsSpan().Count((byte)1)];
        for (int i = 0, k = 0; i < mask.Length; i++)
            if (mask[i] != 0)
                positions[k++] = i;
        return positions;
    }
}
