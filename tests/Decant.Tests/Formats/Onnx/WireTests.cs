using Decant.Core;
using Decant.Formats.Onnx.Wire;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Formats.Onnx;

public sealed class WireTests
{
    [Fact]
    public void Fields_are_laid_out_as_protobuf_defines() =>
        Assert.Equal(
            [
                0x08,
                0xAC,
                0x02,
                0x12,
                0x02,
                (byte)'h',
                (byte)'i',
                0x1D,
                0,
                0,
                0x80,
                0x3F,
                0x22,
                0x02,
                0x08,
                0x01,
                0x28,
                .. Enumerable.Repeat((byte)0xFF, 9),
                0x01,
            ],
            new WireWriter()
                .Int64(1, 300)
                .Text(2, "hi")
                .Float(3, 1)
                .Message(4, new WireWriter().Int64(1, 1))
                .Int64(5, -1)
                .Written.ToArray()
        );

    [Property]
    public bool Integers_come_back_and_take_the_size_said(long value)
    {
        byte[] bytes = new WireWriter().Int64(1, value).Written.ToArray();
        WireReader reader = Open(bytes);
        return reader.Next()
            && reader.Int64() == value
            && !reader.Next()
            && bytes.Length == 1 + WireWriter.SizeOf((ulong)value);
    }

    [Property]
    public Property Texts_come_back(NonNull<string> value, byte length)
    {
        string text = string.Concat(value.Get.Where(c => !char.IsSurrogate(c))) + new string('ä', 200 * length);
        WireReader reader = Open(new WireWriter().Text(7, text).Int64(8, 9).Written.ToArray());
        return (
            reader.Next() && reader.Text() == text && reader.Next() && reader.Field == 8 && reader.Int64() == 9
        ).ToProperty();
    }

    [Fact]
    public void Numbers_come_packed_or_single()
    {
        WireReader reader = Open([
            0x0A,
            0x03,
            0x01,
            0xAC,
            0x02,
            0x08,
            0x05,
            0x12,
            0x04,
            0,
            0,
            0x80,
            0x3F,
            0x15,
            0,
            0,
            0,
            0x40,
        ]);
        List<long> integers = [];
        List<float> floats = [];
        while (reader.Next())
            if (reader.Field == 1)
                reader.Int64s(integers);
            else
                reader.Floats(floats);
        Assert.Equal([1L, 300, 5], integers);
        Assert.Equal([1f, 2f], floats);
    }

    [Theory]
    [InlineData(new byte[] { 0x0A, 0x05, 1 }, 1L)]
    [InlineData(new byte[] { 0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 }, 1L)]
    [InlineData(new byte[] { 0x08, 0x80 }, 2L)]
    [InlineData(new byte[] { 0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01 }, 1L)]
    [InlineData(new byte[] { 0x0D, 1, 2 }, 1L)]
    [InlineData(new byte[] { 0x00, 1 }, 0L)]
    [InlineData(new byte[] { 0x0B, 1 }, 0L)]
    public void Damage_is_reported_where_it_lies(byte[] bytes, long offset)
    {
        WireReader reader = Open(bytes);
        FileFormatException e = Assert.Throws<FileFormatException>(() =>
        {
            while (reader.Next())
                reader.Skip();
        });
        Assert.Equal(offset, e.Offset);
    }

    [Fact]
    public void A_message_inside_cannot_reach_beyond_the_one_that_holds_it()
    {
        WireReader reader = Open([0x0A, 0x02, 0x0A, 0x05, 1, 2, 3, 4, 5]);
        Assert.True(reader.Next());
        reader.Enter();
        Assert.True(reader.Next());
        Assert.Throws<FileFormatException>(() => reader.Enter());
    }

    [Fact]
    public void Large_bytes_cross_the_buffer()
    {
        byte[] blob = new byte[300_000];
        for (int i = 0; i < blob.Length; i++)
            blob[i] = (byte)(i * 7);
        byte[] bytes =
        [
            .. new WireWriter().Int64(1, 1).Prefix(2, blob.Length).Written.Span,
            .. blob,
            .. new WireWriter().Int64(3, 4).Written.Span,
        ];
        WireReader reader = Open(bytes);
        var got = new byte[blob.Length];
        Assert.True(reader.Next() && reader.Int64() == 1 && reader.Next());
        Assert.Equal(blob.Length, reader.Length());
        long start = reader.Position;
        reader.Bytes(got.AsSpan(0, 10));
        reader.Bytes(got.AsSpan(10));
        Assert.Equal(blob, got);
        Assert.True(reader.Next() && reader.Int64() == 4);
        reader.Reenter(start, start + blob.Length);
        reader.Bytes(got.AsSpan(0, 3));
        Assert.Equal(blob[..3], got[..3]);
    }

    private static WireReader Open(byte[] bytes) => new(new MemoryStream(bytes));
}
