using Decant.Core;

namespace Decant.Coding;

/// <summary>
/// The small weights of a network as one section: either one arithmetic stream, or each by itself after its length.
/// </summary>
internal static class SharedWeights
{
    public static CodedSection Encode(IReadOnlyList<Encoding> encodings, CodingEffort effort)
    {
        var (bytes, version) = Separately(encodings, effort);
        if (effort == CodingEffort.Smallest)
        {
            if (Together(encodings, WeightMethod.Arithmetic) is var together && together.Length < bytes.Length)
                (bytes, version) = (together, 1);
            if (
                encodings.Any(e => e is DenseEncoding)
                && Together(encodings, WeightMethod.Elements) is var elements
                && elements.Length < bytes.Length * DcntFormat.WorthSlowDecoding
            )
                (bytes, version) = (elements, DcntFormat.VersionOf(WeightMethod.Elements));
        }
        return new CodedSection(DcntSectionKind.SharedWeights, bytes, Version: version).Padded(
            encodings.Sum(e => (long)e.Count)
        );
    }

    public static (Encoding Encoding, WeightBytes Bytes)[] Decode(
        IReadOnlyList<WeightCodec> codecs,
        ReadOnlyMemory<byte> bytes,
        string what
    )
    {
        long numbers = 0;
        foreach (WeightCodec codec in codecs)
            numbers += codec.Shape.Count;
        if (numbers > DcntFormat.ElementAllowance + (long)DcntFormat.ElementsPerByte * bytes.Length)
            throw DcntFormat.TooMany(what, numbers, bytes.Length);
        if (bytes.IsEmpty)
            throw new FileFormatException($"{what} is empty: the file is damaged");
        return bytes.Span[0] switch
        {
            (byte)WeightMethod.Huffman => Separately(codecs, bytes, what),
            (byte)WeightMethod.Arithmetic or (byte)WeightMethod.Elements => Together(codecs, bytes),
            var m => throw new FileFormatException(
                $"{what} is coded by method {m}, which does not exist for it: the file is damaged, or "
                    + "needs a newer Decant"
            ),
        };
    }

    private static (byte[] Bytes, byte Version) Separately(IReadOnlyList<Encoding> encodings, CodingEffort effort)
    {
        byte version = 1;
        var bytes = new ByteWriter();
        bytes.Byte((byte)WeightMethod.Huffman);
        foreach (Encoding encoding in encodings)
        {
            // A small weight never spills.
            using CodedSection coded = WeightCoding.Encode(encoding, effort);
            version = Math.Max(version, coded.Version);
            bytes.Varint((ulong)coded.Length);
            bytes.Bytes(coded.Bytes);
            if (coded.Tail is { } tail)
                bytes.Bytes(tail.Bytes());
        }
        return (bytes.ToArray(), version);
    }

    private static byte[] Together(IReadOnlyList<Encoding> encodings, WeightMethod method)
    {
        var bytes = new ByteWriter();
        bytes.Byte((byte)method);
        var coder = new RangeEncoder(bytes);
        MixedWeightModel model = ModelOf(method, [.. encodings.Select(WeightCodec.Of)]);
        foreach (Encoding encoding in encodings)
            model.Code(ref coder, WeightCodec.Of(encoding), encoding);
        coder.Flush();
        return bytes.ToArray();
    }

    private static (Encoding, WeightBytes)[] Separately(
        IReadOnlyList<WeightCodec> codecs,
        ReadOnlyMemory<byte> bytes,
        string what
    )
    {
        var result = new (Encoding, WeightBytes)[codecs.Count];
        var reader = new ByteReader(bytes.Span, what);
        reader.Byte();
        int start = 0;
        for (int i = 0; i < result.Length; i++)
        {
            int length = reader.Varint(reader.Left, "a weight's length"),
                at = reader.Position;
            reader.Bytes(length);
            var (encoding, parts) = WeightCoding.Decode(codecs[i], bytes.Slice(at, length), what);
            int end = i == result.Length - 1 ? bytes.Length : reader.Position;
            result[i] = (encoding, parts with { Values = parts.Values + end - start - length });
            start = end;
        }
        return result;
    }

    private static (Encoding, WeightBytes)[] Together(IReadOnlyList<WeightCodec> codecs, ReadOnlyMemory<byte> bytes)
    {
        var result = new (Encoding, WeightBytes)[codecs.Count];
        var method = (WeightMethod)bytes.Span[0];
        var coder = new RangeDecoder(bytes[1..]);
        MixedWeightModel model = ModelOf(method, codecs);
        for (int i = 0, start = 0; i < result.Length; i++)
        {
            Encoding encoding = model.Code(ref coder, codecs[i], null)!;
            int end = i == result.Length - 1 ? bytes.Length - 1 : coder.Length;
            result[i] = (encoding, model.BytesOf(start, end, i == 0 ? 1 : 0, method));
            start = end;
        }
        return result;
    }

    private static MixedWeightModel ModelOf(WeightMethod method, IReadOnlyList<WeightCodec> codecs) =>
        method == WeightMethod.Elements ? new(codecs) : new();
}

/// <summary>
/// A codebook in the one order that files have: rising, by the order of the floats' bits (-0 before 0), so that a file
/// does not depend on how the entries were numbered. A zero apart stays entry 0.
/// </summary>
internal sealed class SortedCodebook
{
    private readonly byte[] map;

    public SortedCodebook(CodebookEncoding encoding)
    {
        int fixedEntries = encoding.ZeroApart ? 1 : 0,
            n = encoding.Codebook.Length;
        var order = new int[n];
        for (int i = 0; i < n; i++)
            order[i] = i;
        float[] values = encoding.Codebook.ToArray();
        Array.Sort(
            order,
            fixedEntries,
            n - fixedEntries,
            Comparer<int>.Create((a, b) => (FloatOrder.KeyOf(values[a]), a).CompareTo((FloatOrder.KeyOf(values[b]), b)))
        );
        map = new byte[n];
        Values = new float[n];
        for (int i = 0; i < n; i++)
            (Values[i], map[order[i]]) = (values[order[i]], (byte)i);
    }

    /// <summary>The entries in order.</summary>
    public float[] Values { get; }

    /// <summary>Indices into <see cref="Values"/> of an encoding's indices.</summary>
    public byte[] Indices(ReadOnlySpan<byte> indices)
    {
        var result = new byte[indices.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = map[indices[i]];
        return result;
    }
}
