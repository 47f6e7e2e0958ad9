using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Decant.Core;

namespace Decant.Formats;

/// <summary>Opens what is to be read.</summary>
internal static class InputFile
{
    /// <summary>Opens a file for the time that <paramref name="read"/> takes.</summary>
    /// <exception cref="DecantException">It is missing or cannot be read.</exception>
    public static T Read<T>(string path, Func<FileStream, T> read) => Guarded(path, () =>
        {
            using FileStream stream = Open(path);
            return read(stream);
        });

    /// <summary>Opens a file to be closed by the caller.</summary>
    /// <exception cref="DecantException">It is missing or cannot be read.</exception>
    public static FileStream Keep(string path) =>
        Guarded(path, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read));

    /// <summary>
    /// Opens a file unbuffered: readers buffer themselves, and read large arrays straight into place.
    /// </summary>
    public static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);

    /// <summary>The stream itself if it can seek, else a copy in memory of what is left of it.</summary>
    public static Stream Seekable(Stream stream)
    {
        if (stream.CanSeek)
            return stream;
        var copy = new MemoryStream();
        stream.CopyTo(copy);
        copy.Position = 0;
        return copy;
    }

    private static T Guarded<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new DecantException($"cannot read {path}: {e.Message.Split('\n')[0]}", e);
        }
    }
}

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
            case 2:
                Reverse(MemoryMarshal.Cast<byte, ushort>(bytes));
                break;
            case 4:
                Reverse(MemoryMarshal.Cast<byte, uint>(bytes));
                break;
            case 8:
                Reverse(MemoryMarshal.Cast<byte, ulong>(bytes));
                break;
        }
    }

    /// <summary>Makes every byte but 0 a 1: a bool of another byte would compare unequal to true.</summary>
    public static void NormalizeBools(Span<byte> bools)
    {
        foreach (ref byte b in bools)
            if (b > 1)
                b = 1;
    }

    private static void Reverse(Span<ushort> values) => BinaryPrimitives.ReverseEndianness(values, values);

    private static void Reverse(Span<uint> values) => BinaryPrimitives.ReverseEndianness(values, values);

    private static void Reverse(Span<ulong> values) => BinaryPrimitives.ReverseEndianness(values, values);
}
