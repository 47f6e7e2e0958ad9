using System.Buffers.Binary;

namespace Decant.Tests.Data.Audio;

/// <summary>Sound files written byte by byte.</summary>
internal static class WavFixtures
{
    /// <summary>A file of 16-bit integers.</summary>
    public static byte[] Integers(short[] samples, int channels = 1, int rate = 16000)
    {
        var data = new byte[2 * samples.Length];
        for (int i = 0; i < samples.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(data.AsSpan(2 * i), samples[i]);
        return File(1, 16, channels, rate, data);
    }

    /// <summary>A file of floats.</summary>
    public static byte[] Floats(params float[] samples)
    {
        var data = new byte[4 * samples.Length];
        for (int i = 0; i < samples.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(4 * i), samples[i]);
        return File(3, 32, 1, 16000, data);
    }

    /// <summary>A file of any samples, with a chunk of odd length before them.</summary>
    public static byte[] File(int kind, int bits, int channels, int rate, byte[] data)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("RIFF"u8);
        writer.Write(4 + 8 + 16 + 8 + 4 + 8 + data.Length);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((ushort)kind);
        writer.Write((ushort)channels);
        writer.Write(rate);
        writer.Write(rate * channels * bits / 8);
        writer.Write((ushort)(channels * bits / 8));
        writer.Write((ushort)bits);
        writer.Write("LIST"u8);
        writer.Write(3);
        writer.Write("abc\0"u8);
        writer.Write("data"u8);
        writer.Write(data.Length);
        writer.Write(data);
        return stream.ToArray();
    }
}
