using Decant.Core;

namespace Decant.Formats.Onnx.Messages;

/// <summary>A tensor's elements as the bytes that files hold: little-endian, 4-bit types two to a byte, the first in the low half.</summary>
internal static class RawElements
{
    /// <summary>Fills a span from a source of bytes.</summary>
    public delegate void Source(Span<byte> into);

    /// <summary>Whether two elements share a byte.</summary>
    public static bool IsPacked(ElementType type) => type is ElementType.Int4 or ElementType.UInt4;

    /// <summary>Fills a tensor.</summary>
    public static void Read(Tensor tensor, Source source)
    {
        if (IsPacked(tensor.Type)) ReadPacked(tensor, source);
        else
        {
            source(tensor.Bytes());
            if (!BitConverter.IsLittleEndian) ByteOrder.Reverse(tensor.Bytes(), tensor.Type.Size());
            if (tensor.Type == ElementType.Bool) ByteOrder.NormalizeBools(tensor.Bytes());
        }
    }

    /// <summary>Writes a tensor's elements.</summary>
    public static void Write(Tensor tensor, Stream stream)
    {
        if (IsPacked(tensor.Type)) WritePacked(tensor.Bytes(), stream);
        else if (BitConverter.IsLittleEndian) stream.Write(tensor.Bytes());
        else
        {
            byte[] bytes = tensor.Bytes().ToArray();
            ByteOrder.Reverse(bytes, tensor.Type.Size());
            stream.Write(bytes);
        }
    }

    private static void WritePacked(ReadOnlySpan<byte> elements, Stream stream)
    {
        var packed = new byte[Math.Min(4096, (elements.Length + 1) / 2)];
        for (int done = 0; done < elements.Length; done += packed.Length * 2)
        {
            ReadOnlySpan<byte> part = elements.Slice(done, Math.Min(packed.Length * 2, elements.Length - done));
            Array.Clear(packed);
            for (int i = 0; i < part.Length; i++) packed[i / 2] |= (byte)((part[i] & 0xF) << (i % 2 * 4));
            stream.Write(packed, 0, (part.Length + 1) / 2);
        }
    }

    private static void ReadPacked(Tensor tensor, Source source)
    {
        Span<byte> elements = tensor.Bytes();
        var packed = new byte[Math.Min(4096, (elements.Length + 1) / 2)];
        for (int done = 0; done < elements.Length; done += packed.Length * 2)
        {
            int count = Math.Min(packed.Length * 2, elements.Length - done);
            Span<byte> part = packed.AsSpan(0, (count + 1) / 2);
            source(part);
            for (int i = 0; i < count; i++) elements[done + i] = Nibble(tensor.Type, part[i / 2] >> (i % 2 * 4));
        }
    }

    /// <summary>A 4-bit element, sign-extended if signed, from the low bits.</summary>
    public static byte Nibble(ElementType type, int bits) => type == ElementType.UInt4 ? (byte)(bits & 0xF) : (byte)((bits & 0xF ^ 8) - 8);
}
