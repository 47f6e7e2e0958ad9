using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Decant.Formats;

/// <summary>Turns elements between little- and big-endian order in place.</summary>
internal static class ByteOrder
{
    /// <summary>Reverses the bytes of each element.</summary>
    /// <param name="bytes">The elements' bytes.</param>
    /// <param name="size">Bytes an element takes: 1, 2, 4 or 8.</param>
    public static void Reverse(Span<byte> bytes, int size)
    {
        switch (size)
        {
            case 2: Reverse(MemoryMarshal.Cast<byte, ushort>(bytes)); break;
            case 4: Reverse(MemoryMarshal.Cast<byte, uint>(bytes)); break;
            case 8: Reverse(MemoryMarshal.Cast<byte, ulong>(bytes)); break;
        }
    }

    /// <summary>Makes every byte but 0 a 1: a bool of another byte would compare unequal to true.</summary>
    public static void NormalizeBools(Span<byte> bools)
    {
        foreach (ref byte b in bools)
            if (b > 1) b = 1;
    }

    private static void Reverse(Span<ushort> values) => BinaryPrimitives.ReverseEndianness(values, values);

    private static void Reverse(Span<uint> values) => BinaryPrimitives.ReverseEndianness(values, values);

    private static void Reverse(Span<ulong> values) => BinaryPrimitives.ReverseEndianness(values, values);
}
