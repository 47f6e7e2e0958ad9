using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Decant.Core;
using Decant.Formats.Npy;

namespace Decant.Formats.PyTorch;

/// <summary>The arguments of a pickle's instructions.</summary>
internal sealed class PickleInput(BoundedStream stream)
{
    private const int MaxText = 1 << 20;
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>How far has been read.</summary>
    public long Position => stream.Position;

    public byte Byte()
    {
        Span<byte> one = stackalloc byte[1];
        stream.Read(one);
        return one[0];
    }

    public ushort UInt16()
    {
        Span<byte> bytes = stackalloc byte[2];
        stream.Read(bytes);
        return BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }

    public uint UInt32()
    {
        Span<byte> bytes = stackalloc byte[4];
        stream.Read(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    public ulong UInt64()
    {
        Span<byte> bytes = stackalloc byte[8];
        stream.Read(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>A float, which pickles write big-endian.</summary>
    public double Double() => BitConverter.UInt64BitsToDouble(BinaryPrimitives.ReverseEndianness(UInt64()));

    /// <summary>
    /// An integer of up to 255 bytes in two's complement: a <see cref="long"/> where it fits, else a
    /// <see cref="BigInteger"/>.
    /// </summary>
    public object Integer()
    {
        Span<byte> bytes = stackalloc byte[Byte()];
        stream.Read(bytes);
        var integer = new BigInteger(bytes);
        return integer >= long.MinValue && integer <= long.MaxValue ? (object)(long)integer : integer;
    }

    /// <summary>A text of so many bytes.</summary>
    /// <exception cref="FileFormatException">It is long, longer than what is left, or not UTF-8.</exception>
    public string Text(ulong length)
    {
        if (length > MaxText || (long)length > stream.Remaining)
            throw new FileFormatException(
                $"a text of {length} bytes where {stream.Remaining} remain; texts have at most {MaxText}",
                Position
            );
        var bytes = new byte[length];
        stream.Read(bytes);
        return Decoded(bytes);
    }

    /// <summary>A text up to the end of its line.</summary>
    public string Line()
    {
        const int Longest = 256;
        var bytes = new List<byte>();
        for (byte next = Byte(); next != '\n'; next = Byte())
        {
            if (bytes.Count == Longest)
                throw new FileFormatException($"a name of more than {Longest} bytes", Position);
            bytes.Add(next);
        }
        return Decoded([.. bytes]);
    }

    private string Decoded(byte[] bytes)
    {
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new FileFormatException($"a text is not UTF-8 (at byte {Position}): {e.Message.Split('\n')[0]}", e);
        }
    }
}
