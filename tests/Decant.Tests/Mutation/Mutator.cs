using System.Buffers.Binary;
using Decant.Core;

namespace Decant.Tests.Mutation;

/// <summary>
/// Damages a file in ways that files are damaged, by chance and by intent: flipped bits, cut ends, changed lengths,
/// parts removed, doubled, moved. One seed gives one sequence of files.
/// </summary>
public sealed class Mutator(ulong seed)
{
    private static readonly long[] Telling =
    [
        0,
        1,
        -1,
        127,
        128,
        255,
        256,
        short.MaxValue,
        ushort.MaxValue,
        int.MaxValue,
        int.MinValue,
        uint.MaxValue,
        long.MaxValue,
        long.MinValue,
    ];
    private readonly Rng rng = new(seed);

    /// <summary>A damaged copy; sometimes damaged more than once.</summary>
    public byte[] Mutate(ReadOnlySpan<byte> original)
    {
        byte[] bytes = original.ToArray();
        for (int times = 1 + (rng.Next(4) == 0 ? rng.Next(4) : 0); times > 0 && bytes.Length > 0; times--)
            bytes = Once(bytes);
        return bytes;
    }

    private byte[] Once(byte[] bytes) =>
        rng.Next(8) switch
        {
            0 or 1 => Flip(bytes),
            2 => bytes[..rng.Next(bytes.Length)],
            3 => Overwrite(bytes),
            4 => Varint(bytes),
            5 => [.. bytes[..rng.Next(bytes.Length)], .. Part(bytes), .. bytes[rng.Next(bytes.Length)..]],
            6 => Remove(bytes),
            _ => Replace(bytes),
        };

    private byte[] Flip(byte[] bytes)
    {
        bytes[rng.Next(bytes.Length)] ^= (byte)(1 << rng.Next(8));
        return bytes;
    }

    private byte[] Replace(byte[] bytes)
    {
        bytes[rng.Next(bytes.Length)] = (byte)rng.Next(256);
        return bytes;
    }

    private byte[] Overwrite(byte[] bytes)
    {
        var number = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, Telling[rng.Next(Telling.Length)]);
        int at = rng.Next(bytes.Length),
            size = Math.Min(1 << rng.Next(4), bytes.Length - at);
        number.AsSpan(0, size).CopyTo(bytes.AsSpan(at));
        return bytes;
    }

    private byte[] Varint(byte[] bytes)
    {
        var number = new List<byte>();
        ulong value = (ulong)Telling[rng.Next(Telling.Length)];
        for (; value >= 0x80; value >>= 7)
            number.Add((byte)(value | 0x80));
        number.Add((byte)value);
        int at = rng.Next(bytes.Length);
        return [.. bytes[..at], .. number, .. bytes[(at + 1)..]];
    }

    private byte[] Remove(byte[] bytes)
    {
        int at = rng.Next(bytes.Length),
            length = Math.Min(1 + rng.Next(16), bytes.Length - at);
        return [.. bytes[..at], .. bytes[(at + length)..]];
    }

    private byte[] Part(byte[] bytes)
    {
        int at = rng.Next(bytes.Length);
        return bytes[at..Math.Min(bytes.Length, at + 1 + rng.Next(64))];
    }
}
