namespace Decant.Coding;

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
