using System.Numerics;
using System.Text;
using Decant.Core;

namespace Decant.Coding;

/// <summary>
/// Codes the parts that descriptions are made of: numbers, texts, types. Encoding and decoding are one code: a decoder
/// ignores the values given and returns those that it reads.
/// </summary>
internal sealed class DescriptionCoder<T>(T coder, EventModel events)
    where T : struct, IBinaryCoder
{
    private const int Escape = 200;

    private static readonly UTF8Encoding Utf8 = new(false, true);

    private readonly Dictionary<uint, uint> last = [];
    private T coder = coder;

    /// <summary>The coder, after all is coded.</summary>
    public T Coder => coder;

    /// <summary>Codes a number below 256 with what is known about it.</summary>
    public int Symbol(Field field, int value, uint a = 0, uint b = 0, int bits = 8)
    {
        uint f = (uint)field + 1,
            before = last.GetValueOrDefault(f);
        Span<uint> contexts = [Hash(f, 1, 0), Hash(f, 2, a), Hash(f, 3, a * 0x01000193 + b), Hash(f, 4 + a, before)];
        value = events.Code(ref coder, (int)field, value, bits, contexts);
        last[f] = (uint)value + 1;
        return value;
    }

    /// <summary>Codes a yes or no.</summary>
    public bool Flag(Field field, bool value, uint a = 0, uint b = 0) => Symbol(field, value ? 1 : 0, a, b, 1) != 0;

    /// <summary>Codes a natural number.</summary>
    public ulong Number(Field field, ulong value, uint a = 0, uint b = 0)
    {
        int length = (71 - BitOperations.LeadingZeroCount(value)) / 8;
        int head = Symbol(field, value < Escape ? (int)value : Escape + length, a, b);
        if (head < Escape)
            return (ulong)head;
        ulong result = 0;
        for (int i = Math.Min(8, head - Escape) - 1; i >= 0; i--)
            result =
                result << 8 | (uint)Symbol(field, (int)(value >> (8 * i) & 0xFF), 0x10000u + (uint)i, (uint)result);
        return result;
    }

    /// <summary>Codes a natural number that must not exceed a limit.</summary>
    /// <exception cref="FileFormatException">It does.</exception>
    public int Number(Field field, int value, int limit, uint a = 0, uint b = 0) =>
        Number(field, (ulong)value, a, b) is var v && v <= (ulong)limit
            ? (int)v
            : throw new FileFormatException(
                $"the description gives {v} as {field}; at most {limit} is possible: the file is damaged"
            );

    /// <summary>Codes an integer of either sign.</summary>
    public long Integer(Field field, long value, uint a = 0, uint b = 0) =>
        Number(field, (ulong)(value << 1 ^ value >> 63), a, b) is var z ? (long)(z >> 1) ^ -(long)(z & 1) : 0;

    /// <summary>Codes a text that may start as one of two others do.</summary>
    public string Text(string? value, uint kind, string first = "", string second = "")
    {
        byte[] bytes = Encode(value ?? ""),
            one = Encode(first),
            two = Encode(second);
        bool useSecond =
            two.Length > 0
            && Flag(
                Field.Reference,
                bytes.AsSpan().CommonPrefixLength(two) > bytes.AsSpan().CommonPrefixLength(one),
                kind
            );
        byte[] like = useSecond ? two : one;
        int shared =
            like.Length == 0
                ? 0
                : like.Length
                    - Number(
                        Field.Share,
                        like.Length - bytes.AsSpan().CommonPrefixLength(like),
                        like.Length,
                        kind,
                        (uint)like.Length
                    );
        var result = new List<byte>(like.AsSpan(0, shared).ToArray());
        for (
            int i = shared;
            Letter(result, i < bytes.Length ? bytes[i] : (byte)0, kind, like, i - shared) is not 0 and var c;
            i++
        )
            result.Add((byte)c);
        return Decode(result);
    }

    /// <summary>Codes a shape; extents are guessed from others.</summary>
    public Shape Shape(Shape value, uint kind, params ReadOnlySpan<int> guesses)
    {
        int rank = Number(Field.Rank, value.Rank, 64, kind);
        var dims = new int[rank];
        for (int i = 0; i < rank; i++)
            dims[i] = Extent(
                i < value.Rank ? value[i] : 0,
                kind,
                (uint)(rank << 8 | i),
                i > 0 ? dims[i - 1] : -2,
                guesses
            );
        return new Shape(dims);
    }

    private int Extent(int value, uint kind, uint place, int before, ReadOnlySpan<int> guesses)
    {
        int hit =
            guesses.IndexOf(value) is >= 0 and var i ? i + 2
            : value == before ? 1
            : 0;
        hit = Symbol(Field.ExtentGuess, hit, place, kind, 4);
        if (hit == 0)
            return Number(Field.Extent, value + 1, int.MaxValue, kind, place) - 1;
        int guess =
            hit == 1 ? before
            : hit - 2 < guesses.Length ? guesses[hit - 2]
            : -2;
        return guess >= -1
            ? guess
            : throw new FileFormatException("the description guesses an extent from nothing: the file is damaged");
    }

    /// <summary>Codes one byte of a text, 0 at its end.</summary>
    private int Letter(List<byte> text, byte letter, uint kind, byte[] like, int since)
    {
        uint c1 = text.Count > 0 ? text[^1] : 0u,
            c2 = text.Count > 1 ? text[^2] : 0u,
            c3 = text.Count > 2 ? text[^3] : 0u;
        Span<uint> contexts =
        [
            Hash(100, kind, 0),
            Hash(101, 0, c1),
            Hash(102, kind, c1 | c2 << 8),
            Hash(103, c3, c1 | c2 << 8),
        ];
        return events.Code(ref coder, (int)Field.Text, letter, 8, contexts);
    }

    private static uint Hash(uint a, uint b, uint c) => ((a * 0x9E3779B1 ^ b) * 0x85EBCA6B ^ c) * 0xC2B2AE35;

    /// <summary>
    /// UTF-8, but with the byte C0, which it never has, for the character 0, so that 0 can end a text.
    /// </summary>
    private static byte[] Encode(string text)
    {
        try
        {
            byte[] bytes = Utf8.GetBytes(text);
            bytes.AsSpan().Replace((byte)0, (byte)0xC0);
            return bytes;
        }
        catch (EncoderFallbackException e)
        {
            throw new ModelException("a name or text with half a surrogate pair cannot be written; rename it", e);
        }
    }

    private static string Decode(List<byte> text)
    {
        byte[] bytes = [.. text];
        bytes.AsSpan().Replace((byte)0xC0, (byte)0);
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new FileFormatException("the description has a text that is not UTF-8: the file is damaged", e);
        }
    }
}
