using Decant.Core;

namespace Decant.Formats.Npy;

/// <summary>A stream of which it is known how much there is to read.</summary>
/// <param name="stream">Where the bytes come from.</param>
/// <param name="length">How many there are.</param>
internal sealed class BoundedStream(Stream stream, long length)
{
    /// <summary>How far has been read.</summary>
    public long Position { get; private set; }

    /// <summary>How much is left.</summary>
    public long Remaining => length - Position;

    /// <summary>The CRC-32 of what was read.</summary>
    public uint Crc { get; private set; }

    /// <summary>Fills a span.</summary>
    /// <exception cref="FileFormatException">There is less.</exception>
    public void Read(Span<byte> into)
    {
        if (into.Length > Remaining || stream.ReadAtLeast(into, into.Length, throwOnEndOfStream: false) < into.Length)
            throw new FileFormatException($"{into.Length} bytes are needed where {Remaining} remain: the file is truncated or damaged", Position);
        Position += into.Length;
        Crc = Crc32.Of(into, Crc);
    }

    /// <summary>Reads on without keeping what is read.</summary>
    /// <exception cref="FileFormatException">There is less.</exception>
    public void Skip(long count)
    {
        var dropped = new byte[Math.Min(count, 1 << 16)];
        for (; count > 0; count -= dropped.Length) Read(dropped.AsSpan(0, (int)Math.Min(count, dropped.Length)));
    }
}
