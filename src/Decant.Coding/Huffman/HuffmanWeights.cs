using Decant.Core;

namespace Decant.Coding;

/// <summary>
/// The coder of Deep Compression (Han, Mao, Dally 2016): centroids, then relative positions and values, each in a
/// Huffman code of its own. A sparse weight's values are as they are; its fillers are told by a gap symbol of their
/// own, since any value may occur.
/// </summary>
internal static class HuffmanWeights
{
    public static byte[] Encode(Encoding encoding)
    {
        var bytes = new ByteWriter();
        if (encoding is CodebookEncoding codebook)
            EncodeCodebook(bytes, codebook);
        else
            EncodeSparse(bytes, (SparseEncoding)encoding);
        return bytes.ToArray();
    }

    public static (Encoding Encoding, WeightBytes Bytes) Decode(
        WeightCodec codec,
        ReadOnlyMemory<byte> payload,
        string what
    )
    {
        try
        {
            return codec.Kind == WeightKind.Sparse ? DecodeSparse(codec, payload.Span) : DecodeCodebook(codec, payload);
        }
        catch (FileFormatException e)
        {
            throw new FileFormatException($"{what}: {e.Message}", e);
        }
    }

    private static void EncodeCodebook(ByteWriter bytes, CodebookEncoding encoding)
    {
        var sorted = new SortedCodebook(encoding);
        byte[] indices = sorted.Indices(encoding.Indices);
        byte[] numbers = CodebookSection.Write(sorted.Values, encoding.ZeroApart);
        bytes.Varint((ulong)numbers.Length);
        bytes.Bytes(numbers);
        var bits = new BitWriter(bytes);
        if (encoding.ZeroApart)
            GapStream.Write(bits, Positions(indices), indices, sorted.Values.Length);
        else
            WriteIndices(bits, indices, sorted.Values.Length);
        bits.Flush();
    }

    private static void WriteIndices(BitWriter bits, byte[] indices, int symbols)
    {
        var counts = new long[symbols];
        foreach (byte i in indices)
            counts[i]++;
        byte[] lengths = PackageMerge.Lengths(counts, HuffmanCode.MaxLength);
        var code = new HuffmanCode(lengths);
        CodeLengths.Write(bits, code, lengths);
        foreach (byte i in indices)
            code.Write(bits, i);
    }

    private static (Encoding, WeightBytes) DecodeCodebook(WeightCodec codec, ReadOnlyMemory<byte> payload)
    {
        var reader = new ByteReader(payload.Span, "codebook");
        int length = reader.Varint(reader.Left, "a length"),
            start = reader.Position;
        reader.Bytes(length);
        float[] values = CodebookSection.Read(payload.Slice(start, length), codec.Kind == WeightKind.CodebookZeroApart);
        var bits = new BitReader(payload.Span[reader.Position..]);
        var indices = new byte[codec.Count];
        long gapBits = 0;
        if (codec.Kind == WeightKind.CodebookZeroApart)
            gapBits = GapStream.Read(ref bits, indices, values.Length);
        else
            ReadIndices(ref bits, indices, values.Length);
        if (bits.IsPastEnd)
            throw new FileFormatException("its Huffman codes are truncated: the file is damaged");
        long gaps = (gapBits + 7) / 8;
        return (
            new CodebookEncoding(codec.Shape, values, indices, codec.Kind == WeightKind.CodebookZeroApart),
            new WeightBytes(WeightMethod.Huffman, 1 + reader.Position, gaps, reader.Left - gaps)
        );
    }

    private static void ReadIndices(ref BitReader bits, byte[] indices, int symbols)
    {
        HuffmanCode code = CodeLengths.Read(ref bits, symbols);
        ushort[] table = code.Table();
        for (int i = 0, longest = code.Longest; i < indices.Length; i++)
        {
            ushort hit = table[bits.Peek(longest)];
            bits.Skip(hit & 15);
            indices[i] = (byte)(hit >> 4);
        }
    }

    private static void EncodeSparse(ByteWriter bytes, SparseEncoding encoding)
    {
        var bits = new BitWriter(bytes);
        GapStream.Write(bits, encoding.Positions);
        foreach (float v in encoding.Values)
            bits.Write(BitConverter.SingleToUInt32Bits(v), 32);
        bits.Flush();
    }

    private static (Encoding, WeightBytes) DecodeSparse(WeightCodec codec, ReadOnlySpan<byte> payload)
    {
        var bits = new BitReader(payload);
        int[] positions = GapStream.Read(ref bits, codec.Count, payload.Length * 8L / 32);
        long gapBytes = Math.Min(payload.Length, (bits.Position + 7) / 8);
        var values = new float[positions.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = BitConverter.UInt32BitsToSingle(bits.Read(32));
        if (bits.IsPastEnd)
            throw new FileFormatException("its values are truncated: the file is damaged");
        return (
            new SparseEncoding(codec.Shape, positions, values),
            new WeightBytes(WeightMethod.Huffman, 1, gapBytes, payload.Length - gapBytes)
        );
    }

    private static int[] Positions(byte[] indices)
    {
        var positions = new int[indices.Length - indices.AsSpan().Count((byte)0)];
        for (int i = 0, k = 0; i < indices.Length; i++)
            if (indices[i] != 0)
                positions[k++] = i;
        return positions;
    }
}

/// <summary>A sorted codebook as bytes of its own, for weights whose indices are not in an arithmetic stream.</summary>
internal static class CodebookSection
{
    public static byte[] Write(float[] values, bool zeroApart)
    {
        var bytes = new ByteWriter();
        var coder = new RangeEncoder(bytes);
        new CodebookModel().CodeAll(ref coder, values, zeroApart);
        coder.Flush();
        return bytes.ToArray();
    }

    public static float[] Read(ReadOnlyMemory<byte> bytes, bool zeroApart)
    {
        var coder = new RangeDecoder(bytes);
        return new CodebookModel().CodeAll(ref coder, null, zeroApart);
    }
}
