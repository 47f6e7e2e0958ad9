using System.Numerics;
using Decant.Core;

namespace Decant.Coding;

/// <summary>
/// Huffman code lengths as bits. Each length is told by the last one that was not zero: 0, the same; 10 and a bit, one less or more;
/// 110 and four bits, any; 111 and a number, so many symbols do not occur.
/// </summary>
internal static class CodeLengths
{
    private const int FirstGuess = 6;

    public static void Write(BitWriter bits, HuffmanCode code, ReadOnlySpan<byte> lengths)
    {
        int last = FirstGuess;
        for (int s = 0; s < code.Symbols;)
        {
            if (lengths[s] == 0)
            {
                int run = lengths[s..].IndexOfAnyExcept((byte)0) is >= 0 and var r ? r : code.Symbols - s;
                bits.Write(0b111, 3);
                WriteNumber(bits, (uint)run);
                s += run;
                continue;
            }
            if (lengths[s] == last) bits.Write(0, 1);
            else if (Math.Abs(lengths[s] - last) == 1) bits.Write(lengths[s] > last ? 0b101u : 0b100u, 3);
            else bits.Write(0b110_0000u | lengths[s], 7);
            last = lengths[s++];
        }
    }

    public static HuffmanCode Read(ref BitReader bits, int symbols)
    {
        var lengths = new byte[symbols];
        int last = FirstGuess;
        for (int s = 0; s < symbols;)
        {
            if (bits.IsPastEnd) throw new FileFormatException("a Huffman code is cut off: the file is damaged");
            if (bits.Read(1) == 0) lengths[s++] = (byte)last;
            else if (bits.Read(1) == 0) lengths[s++] = (byte)(last += bits.Read(1) != 0 ? 1 : -1);
            else if (bits.Read(1) == 0) lengths[s++] = (byte)(last = (int)bits.Read(4));
            else s = (int)Math.Min(symbols + 1L, s + (long)ReadNumber(ref bits));
            if (s > symbols || last is < 1 or > HuffmanCode.MaxLength) throw new FileFormatException("Huffman code lengths are out of range: the file is damaged");
        }
        return new HuffmanCode(lengths);
    }

    /// <summary>A number from 1 up (Elias gamma): as many zeros as it has bits after the first, then its bits.</summary>
    public static void WriteNumber(BitWriter bits, uint value)
    {
        int length = 32 - BitOperations.LeadingZeroCount(value);
        bits.Write(0, length - 1);
        bits.Write(value, length);
    }

    public static uint ReadNumber(ref BitReader bits)
    {
        int zeros = BitOperations.LeadingZeroCount(bits.Peek(32));
        if (zeros > 31) throw new FileFormatException("a number in a Huffman coded weight is out of range: the file is damaged");
        bits.Skip(zeros);
        return bits.Read(zeros + 1);
    }
}
