using System.Buffers.Binary;
using Decant.Core;

namespace Decant.Tests.Coding;

/// <summary>
/// Damages .dcnt files, by a seed: bits, bytes, runs, lengths, cuts; if asked, with all checksums made right again.
/// </summary>
internal static class ContainerMutation
{
    /// <summary>A damaged copy.</summary>
    public static byte[] Mutate(byte[] file, ulong seed, bool fixChecksums)
    {
        var rng = new Rng(seed);
        byte[] bytes = (byte[])file.Clone();
        for (int n = 1 + rng.Next(3); n > 0; n--)
            bytes = Once(bytes, rng, fixChecksums);
        if (fixChecksums)
            FixChecksums(bytes);
        return bytes;
    }

    /// <summary>Makes the checksums of a file right, as far as its table can be read.</summary>
    public static void FixChecksums(byte[] bytes)
    {
        int at = 5;
        if (!Varint(bytes, ref at, out ulong count) || count > 1000)
            return;
        var sums = new List<(int At, ulong Length)>();
        for (ulong i = 0; i < count; i++)
        {
            if (!Varint(bytes, ref at, out ulong key) || at + 4 > bytes.Length)
                return;
            sums.Add((at, key >> 2));
            at += 4;
        }
        int head = at;
        ulong offset = (ulong)at + 4;
        foreach (var (place, length) in sums)
        {
            if (offset + length > (ulong)bytes.Length)
                return;
            BinaryPrimitives.WriteUInt32LittleEndian(
                bytes.AsSpan(place),
                Crc32.Of(bytes.AsSpan((int)offset, (int)length))
            );
            offset += length;
        }
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(head), Crc32.Of(bytes.AsSpan(0, head)));
    }

    private static byte[] Once(byte[] bytes, Rng rng, bool keepLength)
    {
        if (bytes.Length < 8)
            return bytes;
        // Half of all hits go to the first 200 bytes, where the table and the description are.
        int at = rng.Next(rng.Next(2) == 0 ? Math.Min(200, bytes.Length) : bytes.Length);
        switch (rng.Next(keepLength ? 4 : 6))
        {
            case 0:
                bytes[at] ^= (byte)(1 << rng.Next(8));
                break;
            case 1:
                bytes[at] = (byte)rng.Next(256);
                break;
            case 2:
                bytes
                    .AsSpan(at, Math.Min(bytes.Length - at, 1 + rng.Next(16)))
                    .Fill(rng.Next(2) == 0 ? (byte)0 : (byte)0xFF);
                break;
            case 3:
                bytes.AsSpan(rng.Next(bytes.Length - 4), 4).CopyTo(bytes.AsSpan(Math.Min(at, bytes.Length - 4)));
                break;
            case 4:
                return bytes[..at];
            default:
                return [.. bytes[..at], (byte)rng.Next(256), .. bytes[at..]];
        }
        return bytes;
    }

    private static bool Varint(byte[] bytes, ref int at, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 63 && at < bytes.Length; shift += 7)
        {
            byte b = bytes[at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return true;
        }
        return false;
    }
}
