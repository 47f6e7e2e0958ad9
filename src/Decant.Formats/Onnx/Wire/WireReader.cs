using System.Buffers.Binary;
using System.Text;
using Decant.Core;

namespace Decant.Formats.Onnx.Wire;

/// <summary>
/// Reads the protobuf wire format from a seekable stream. Every length is checked against what remains of the message
/// that holds it, so that no number from the file decides an allocation by itself. Offsets count from where the stream
/// stood.
/// </summary>
internal sealed class WireReader
{
    // A reader calls itself for each message within another; a stack has room for many more.
    private const int MostDepth = 120;

    private const int BufferSize = 1 << 16;
    private int depth;
    private static readonly UTF8Encoding StrictUtf8 = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    private readonly Stream stream;
    private readonly long origin;
    private readonly byte[] buffer;
    private long bufferStart;
    private int at,
        filled;

    /// <summary>Reads from where the stream stands to its end.</summary>
    public WireReader(Stream stream)
    {
        (this.stream, origin) = (stream, stream.Position);
        End = stream.Length - origin;
        buffer = new byte[(int)Math.Clamp(End, 16, BufferSize)];
    }

    /// <summary>Where the next byte lies.</summary>
    public long Position => bufferStart + at;

    /// <summary>Where the message being read ends.</summary>
    public long End { get; private set; }

    /// <summary>The number of the field that <see cref="Next"/> found.</summary>
    public int Field { get; private set; }

    /// <summary>The layout of the field that <see cref="Next"/> found.</summary>
    public WireType Type { get; private set; }

    /// <summary>Goes to the next field of the message; false at its end.</summary>
    public bool Next()
    {
        if (Position >= End)
            return false;
        long start = Position;
        ulong tag = Varint();
        (Field, Type) = ((int)(tag >> 3), (WireType)(tag & 7));
        if (
            tag >> 3 is 0 or > 0x1FFFFFFF
            || Type is not (WireType.Varint or WireType.Fixed64 or WireType.Bytes or WireType.Fixed32)
        )
            throw new FileFormatException($"not a protobuf field: tag {tag}", start);
        return true;
    }

    /// <summary>Enters the message that the field holds; what it returns is for <see cref="Leave"/>.</summary>
    /// <exception cref="FileFormatException">Messages lie in each other deeper than any model has them.</exception>
    public long Enter()
    {
        if (++depth > MostDepth)
            throw new FileFormatException($"messages lie in each other more than {MostDepth} deep", Position);
        long outer = End,
            length = Length();
        End = Position + length;
        return outer;
    }

    /// <summary>Leaves the message entered.</summary>
    public void Leave(long outer)
    {
        depth--;
        Seek(End);
        End = outer;
    }

    /// <summary>
    /// Reads the same bytes again: goes to a position and takes <paramref name="end"/> as the message's end.
    /// </summary>
    public void Reenter(long position, long end)
    {
        Seek(position);
        End = end;
    }

    /// <summary>Steps over the field's value.</summary>
    public void Skip()
    {
        switch (Type)
        {
            case WireType.Varint:
                Varint();
                break;
            case WireType.Fixed64:
                Advance(8);
                break;
            case WireType.Fixed32:
                Advance(4);
                break;
            default:
                Advance(Length());
                break;
        }
    }

    /// <summary>The length of the field's bytes, which follow; checked.</summary>
    public long Length()
    {
        Expect(WireType.Bytes);
        long start = Position;
        ulong length = Varint();
        if (length > (ulong)(End - Position))
            throw new FileFormatException(
                $"field {Field} declares {length} bytes where {End - Position} remain: the file is "
                    + "truncated or damaged",
                start
            );
        return (long)length;
    }

    /// <summary>The field's integer.</summary>
    public long Int64()
    {
        Expect(WireType.Varint);
        return (long)Varint();
    }

    /// <summary>The field's integer, which must fit 32 bits.</summary>
    public int Int32()
    {
        long start = Position,
            value = Int64();
        return value is >= int.MinValue and <= int.MaxValue
            ? (int)value
            : throw new FileFormatException($"field {Field} holds {value}, which does not fit 32 bits", start);
    }

    /// <summary>The field's 32-bit float.</summary>
    public float Float()
    {
        Expect(WireType.Fixed32);
        Span<byte> bytes = stackalloc byte[4];
        Bytes(bytes);
        return BinaryPrimitives.ReadSingleLittleEndian(bytes);
    }

    /// <summary>The field's text.</summary>
    public string Text()
    {
        long length = Length(),
            start = Position;
        if (length > Array.MaxLength / 4)
            throw new FileFormatException($"a text of {length} bytes in field {Field}", start);
        if (length == 0)
            return "";
        try
        {
            if (length > buffer.Length)
                return LongText((int)length);
            if (filled - at < length)
                Fill((int)length);
            at += (int)length;
            return StrictUtf8.GetString(buffer, at - (int)length, (int)length);
        }
        catch (DecoderFallbackException e)
        {
            throw new FileFormatException($"field {Field} is not UTF-8 text: {e.Message} (at byte {start})", e);
        }
    }

    /// <summary>Adds the field's integers, packed or single.</summary>
    public void Int64s(List<long> into)
    {
        if (Type == WireType.Varint)
        {
            into.Add((long)Varint());
            return;
        }
        for (long outer = Enter(); !Done(outer); )
            into.Add((long)Varint());
    }

    /// <summary>Adds the field's 32-bit floats, packed or single.</summary>
    public void Floats(List<float> into)
    {
        if (Type == WireType.Fixed32)
        {
            into.Add(Float());
            return;
        }
        Span<byte> bytes = stackalloc byte[4];
        for (long outer = Enter(); !Done(outer); )
        {
            Bytes(bytes);
            into.Add(BinaryPrimitives.ReadSingleLittleEndian(bytes));
        }
    }

    /// <summary>In a packed field entered: whether it is read to its end, in which case it is left.</summary>
    public bool Done(long outer)
    {
        if (Position < End)
            return false;
        End = outer;
        return true;
    }

    /// <summary>A variable-length integer of at most 64 bits.</summary>
    public ulong Varint()
    {
        ulong value = 0;
        long start = Position;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte b = Byte();
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }
        throw new FileFormatException("an integer of more than 10 bytes", start);
    }

    /// <summary>Fills a span from the next bytes, large ones straight from the stream.</summary>
    public void Bytes(Span<byte> into)
    {
        if (into.Length > End - Position)
            throw Truncated(into.Length);
        int buffered = Math.Min(into.Length, filled - at);
        buffer.AsSpan(at, buffered).CopyTo(into);
        at += buffered;
        Span<byte> rest = into[buffered..];
        if (rest.Length >= buffer.Length)
            Direct(rest);
        else if (rest.Length > 0)
        {
            Fill(rest.Length);
            buffer.AsSpan(at, rest.Length).CopyTo(rest);
            at += rest.Length;
        }
    }

    /// <summary>Goes to a position, at most the end of the stream's bytes.</summary>
    public void Seek(long position)
    {
        if (position >= bufferStart && position <= bufferStart + filled)
            at = (int)(position - bufferStart);
        else
        {
            (bufferStart, at, filled) = (position, 0, 0);
            stream.Position = origin + position;
        }
    }

    /// <summary>Checks the layout of the field.</summary>
    public void Expect(WireType type)
    {
        if (Type != type)
            throw new FileFormatException($"field {Field} has layout {Type} where {type} belongs", Position);
    }

    private void Advance(long count)
    {
        if (count > End - Position)
            throw Truncated(count);
        Seek(Position + count);
    }

    private byte Byte()
    {
        if (Position >= End)
            throw Truncated(1);
        if (at == filled)
            Fill(1);
        return buffer[at++];
    }

    /// <summary>Moves the unread bytes to the front and reads on until there are at least so many.</summary>
    private void Fill(int atLeast)
    {
        int kept = filled - at;
        if (Position + atLeast > End)
            throw Truncated(atLeast);
        buffer.AsSpan(at, kept).CopyTo(buffer);
        (bufferStart, at, filled) = (Position, 0, kept);
        filled += stream.ReadAtLeast(buffer.AsSpan(kept), atLeast - kept, throwOnEndOfStream: false);
        if (filled < atLeast)
            throw Truncated(atLeast);
    }

    private void Direct(Span<byte> into)
    {
        long start = Position;
        stream.Position = origin + start;
        int got = stream.ReadAtLeast(into, into.Length, throwOnEndOfStream: false);
        (bufferStart, at, filled) = (start + got, 0, 0);
        if (got < into.Length)
            throw Truncated(into.Length - got);
    }

    private string LongText(int length)
    {
        var bytes = new byte[length];
        Bytes(bytes);
        return StrictUtf8.GetString(bytes);
    }

    private FileFormatException Truncated(long wanted) =>
        new(
            $"{wanted} bytes are needed where {Math.Max(0, End - Position)} remain: the file is truncated or damaged",
            Position
        );
}
