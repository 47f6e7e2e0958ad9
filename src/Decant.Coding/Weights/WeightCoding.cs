using Decant.Core;

namespace Decant.Coding;

/// <summary>One weight as bytes of its own: a byte that says the method, then the payload.</summary>
internal static class WeightCoding
{
    /// <summary>Codes a weight in each way that the effort allows, and returns the shortest.</summary>
    /// <param name="encoding">The weight.</param>
    /// <param name="effort">The effort.</param>
    /// <param name="similar">A dense weight of its type and shape that it shares elements with, and how many sections
    /// before its own that lies.</param>
    public static CodedSection Encode(
        Encoding encoding,
        CodingEffort effort,
        (Encoding Earlier, int Back)? similar = null
    )
    {
        if (!BitConverter.IsLittleEndian)
            throw new DecantException("files of .dcnt can only be written on little-endian machines");
        CodedSection best = ByValue(encoding, effort);
        if (effort == CodingEffort.Smallest && encoding is DenseEncoding dense)
            best = ByElements(best, dense, similar);
        return best.Padded(encoding.Count);
    }

    /// <summary>Codes a weight in each way but the element model's.</summary>
    private static CodedSection ByValue(Encoding encoding, CodingEffort effort)
    {
        var codec = WeightCodec.Of(encoding);
        if (codec.IsScaled)
            return Arithmetic(WeightMethod.Arithmetic, codec, encoding);
        CodedSection best = encoding is DenseEncoding dense
            ? new(DcntSectionKind.Weight, [(byte)WeightMethod.Plain], dense.Decode())
            : new(DcntSectionKind.Weight, [(byte)WeightMethod.Huffman, .. HuffmanWeights.Encode(encoding)]);
        if (effort != CodingEffort.Smallest)
            return best;
        if (ArithmeticMayPay(encoding))
            best = Shorter(best, Arithmetic(WeightMethod.Arithmetic, codec, encoding));
        return encoding is DenseEncoding && RepeatedElements.AsCodebook(encoding.Decode()) is { } codebook
            ? Shorter(best, Arithmetic(WeightMethod.Values, codec, codebook))
            : best;
    }

    /// <summary>
    /// The section of a dense weight by its elements, alone or after another, where that saves what its slower decoding
    /// is worth; else the one that there is.
    /// </summary>
    private static CodedSection ByElements(
        CodedSection best,
        DenseEncoding encoding,
        (Encoding Earlier, int Back)? similar
    )
    {
        var codec = WeightCodec.Of(encoding);
        Tensor tensor = encoding.Decode();
        if (new RepeatedElements().MayPay(tensor, out bool isSure) && (isSure || PaysOnSample(tensor)))
            best = MuchShorter(best, Arithmetic(WeightMethod.Elements, codec, encoding));
        return similar is null
            ? best
            : MuchShorter(best, Arithmetic(WeightMethod.ElementsAfter, codec, encoding, similar));
    }

    /// <summary>Whether the element model is better on a sample of a tensor that is large.</summary>
    private static bool PaysOnSample(Tensor tensor)
    {
        if (tensor.Count <= 2 * RepeatedElements.TrialCount)
            return true;
        var sample = new DenseEncoding(RepeatedElements.SampleOf(tensor));
        using CodedSection simple = ByValue(sample, CodingEffort.Smallest),
            elements = Arithmetic(WeightMethod.Elements, WeightCodec.Of(sample), sample);
        return elements.Length < simple.Length * DcntFormat.WorthSlowDecoding;
    }

    private static CodedSection MuchShorter(CodedSection a, CodedSection b)
    {
        if (b.Length < a.Length * DcntFormat.WorthSlowDecoding)
            return Shorter(a, b);
        b.Dispose();
        return a;
    }

    /// <summary>Decodes a weight.</summary>
    /// <param name="codec">What it is.</param>
    /// <param name="bytes">The method byte and the payload.</param>
    /// <param name="what">What the bytes are, for messages.</param>
    /// <param name="earlier">The dense weight, of its type and shape, of a section so many before; null if there are no
    /// sections before.</param>
    public static (Encoding Encoding, WeightBytes Bytes) Decode(
        WeightCodec codec,
        ReadOnlyMemory<byte> bytes,
        string what,
        Func<int, Tensor>? earlier = null
    )
    {
        if (codec.Shape.Count > DcntFormat.ElementAllowance + (long)DcntFormat.ElementsPerByte * bytes.Length)
            throw DcntFormat.TooMany(what, codec.Shape.Count, bytes.Length);
        if (bytes.IsEmpty)
            throw new FileFormatException($"{what} is empty: the file is damaged");
        var payload = bytes[1..];
        return bytes.Span[0] switch
        {
            (byte)WeightMethod.Plain when codec.Kind == WeightKind.Dense => Plain(codec, payload, what),
            (byte)WeightMethod.Huffman when codec.Kind != WeightKind.Dense && !codec.IsScaled => HuffmanWeights.Decode(
                codec,
                payload,
                what
            ),
            (byte)WeightMethod.Arithmetic => Arithmetic(WeightMethod.Arithmetic, codec, payload),
            (byte)WeightMethod.Values or (byte)WeightMethod.Elements when codec.Kind == WeightKind.Dense => Arithmetic(
                (WeightMethod)bytes.Span[0],
                codec,
                payload
            ),
            (byte)WeightMethod.ElementsAfter when codec.Kind == WeightKind.Dense => After(
                codec,
                payload,
                what,
                earlier
            ),
            var m => throw new FileFormatException(
                $"{what} is coded by method {m}, which does not exist for it: the file is damaged, or "
                    + "needs a newer Decant"
            ),
        };
    }

    private static CodedSection Shorter(CodedSection a, CodedSection b)
    {
        if (b.Length < a.Length)
            return b;
        b.Dispose();
        return a;
    }

    /// <summary>
    /// Whether a dense weight is worth a try: a large one is judged by a sample of its exponents and signs.
    /// </summary>
    private static bool ArithmeticMayPay(Encoding encoding)
    {
        const int sample = 1 << 16;
        const double least = 0.02 * 32;
        if (encoding is not DenseEncoding { Type: ElementType.Float32, Count: > sample } dense)
            return true;
        ReadOnlySpan<float> values = dense.Decode().Span<float>();
        var counts = new int[512];
        uint any = 0;
        for (int i = 0; i < sample; i++)
        {
            uint bits = BitConverter.SingleToUInt32Bits(values[(int)((long)i * values.Length / sample)]);
            counts[bits >> 23]++;
            any |= bits;
        }
        double entropy = 0;
        foreach (int n in counts)
            if (n > 0)
                entropy -= n * Math.Log2((double)n / sample) / sample;
        return 9 - entropy >= least || (any & 0xFF) == 0;
    }

    private static CodedSection Arithmetic(
        WeightMethod method,
        WeightCodec codec,
        Encoding encoding,
        (Encoding Earlier, int Back)? similar = null
    )
    {
        var spill = new Spill();
        var bytes = new ByteWriter(spill: spill);
        bytes.Byte((byte)method);
        if (similar is { Back: var back })
            bytes.Varint((ulong)back);
        var coder = new RangeEncoder(bytes);
        MixedWeightModel model = ModelOf(method, codec, similar?.Earlier.Decode());
        if (method == WeightMethod.Values)
            model.Values(ref coder, codec, (CodebookEncoding)encoding);
        else
            model.Code(ref coder, codec, encoding);
        coder.Flush();
        return new CodedSection(
            DcntSectionKind.Weight,
            bytes.ToArray(),
            Head: spill,
            Version: DcntFormat.VersionOf(method)
        );
    }

    private static (Encoding, WeightBytes) Arithmetic(
        WeightMethod method,
        WeightCodec codec,
        ReadOnlyMemory<byte> payload,
        Tensor? earlier = null
    )
    {
        var coder = new RangeDecoder(payload);
        MixedWeightModel model = ModelOf(method, codec, earlier);
        Encoding encoding =
            method == WeightMethod.Values ? model.Values(ref coder, codec, null)! : model.Code(ref coder, codec, null)!;
        return (encoding, model.BytesOf(0, payload.Length, 1, method));
    }

    private static (Encoding, WeightBytes) After(
        WeightCodec codec,
        ReadOnlyMemory<byte> payload,
        string what,
        Func<int, Tensor>? earlier
    )
    {
        var reader = new ByteReader(payload.Span, what);
        int back = reader.Varint(int.MaxValue, "a number of sections");
        if (back == 0 || earlier is null)
            throw reader.Damaged("it is coded after another weight, but there is none");
        var (encoding, bytes) = Arithmetic(
            WeightMethod.ElementsAfter,
            codec,
            payload[reader.Position..],
            earlier(back)
        );
        return (encoding, bytes with { Codebook = bytes.Codebook + reader.Position });
    }

    private static MixedWeightModel ModelOf(WeightMethod method, WeightCodec codec, Tensor? earlier) =>
        method is WeightMethod.Elements or WeightMethod.ElementsAfter ? new([codec], earlier) : new();

    private static (Encoding, WeightBytes) Plain(WeightCodec codec, ReadOnlyMemory<byte> payload, string what)
    {
        if (payload.Length != codec.Shape.Count * codec.Type.Size())
            throw new FileFormatException(
                $"{what} has {payload.Length} bytes of elements, not {codec.Shape.Count * codec.Type.Size()}: "
                    + "the file is damaged"
            );
        Tensor tensor = Tensor.Zeros(codec.Type, codec.Shape);
        payload.Span.CopyTo(tensor.Bytes());
        return (new DenseEncoding(tensor), new WeightBytes(WeightMethod.Plain, 0, 0, payload.Length + 1));
    }
}

/// <summary>
/// What the description says of a weight, so that its payload need not: how it is held, its element type and its shape.
/// </summary>
internal readonly record struct WeightCodec(WeightKind Kind, ElementType Type, Shape Shape)
{
    /// <summary>The codec of an encoding.</summary>
    /// <exception cref="ModelException">The container cannot hold such an encoding.</exception>
    public static WeightCodec Of(Encoding encoding) => new(KindOf(encoding), encoding.Type, encoding.Shape);

    /// <summary>
    /// Whether it is small codes and what they stand for, which are always coded by the arithmetic method.
    /// </summary>
    public bool IsScaled => Kind is WeightKind.Linear or WeightKind.Ternary or WeightKind.Binary or WeightKind.Vector;

    /// <summary>How many numbers it decodes to.</summary>
    public int Count => (int)Shape.Count;

    private static WeightKind KindOf(Encoding encoding) =>
        encoding switch
        {
            DenseEncoding => WeightKind.Dense,
            SparseEncoding => WeightKind.Sparse,
            CodebookEncoding { ZeroApart: true } => WeightKind.CodebookZeroApart,
            CodebookEncoding => WeightKind.Codebook,
            LinearEncoding => WeightKind.Linear,
            TernaryEncoding => WeightKind.Ternary,
            BinaryEncoding => WeightKind.Binary,
            VectorEncoding => WeightKind.Vector,
            _ => throw new ModelException($"a .dcnt file cannot hold the encoding '{encoding.Kind}'"),
        };
}

/// <summary>The kinds of encodings, numbered as in the container: never renumbered, only added to.</summary>
internal enum WeightKind : byte
{
    Dense = 0,
    Sparse = 1,
    Codebook = 2,
    CodebookZeroApart = 3,
    Linear = 4,
    Ternary = 5,
    Binary = 6,
    Vector = 7,
}
