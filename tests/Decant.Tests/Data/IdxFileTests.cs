using System.IO.Compression;
using Decant.Core;
using Decant.Data;
using Xunit;

namespace Decant.Tests.Data;

public sealed class IdxFileTests : IDisposable
{
    private static readonly byte[] TwoImages =
    [
        0,
        0,
        8,
        3,
        0,
        0,
        0,
        2,
        0,
        0,
        0,
        2,
        0,
        0,
        0,
        3,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        10,
        11,
        255,
    ];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reads_hand_made_bytes_plain_and_gzipped(bool gzip)
    {
        Tensor images = IdxFile.Read(folder.Write("f", gzip ? Gzip(TwoImages) : TwoImages), 3);
        Assert.Equal(new Shape(2, 2, 3), images.Shape);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255], images.Array<byte>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Refuses_every_truncation(bool gzip)
    {
        byte[] whole = gzip ? Gzip(TwoImages) : TwoImages;
        for (int length = 0; length < whole.Length; length++)
        {
            string path = folder.Write("cut", whole[..length]);
            var e = Assert.Throws<FileFormatException>(() => IdxFile.Read(path, 3));
            Assert.Contains(path, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Refuses_or_reads_rightly_every_flipped_bit_of_a_gzip_file()
    {
        byte[] whole = Gzip(TwoImages);
        int refused = 0;
        for (int bit = 16; bit < whole.Length * 8; bit++)
        {
            byte[] damaged = [.. whole];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            string path = folder.Write("flipped", damaged);
            try
            {
                // Some header bits (time, system) carry nothing, so the contents must then be whole.
                Assert.Equal(TwoImages[16..], IdxFile.Read(path, 3).Array<byte>());
            }
            catch (FileFormatException)
            {
                refused++;
            }
        }
        Assert.True(refused > (whole.Length - 10) * 8 - 16, $"only {refused} refused");
    }

    [Theory]
    [InlineData(3, 1, "magic number is 0x00000801")]
    [InlineData(2, 0x0D, "magic number is 0x00000D03")]
    [InlineData(7, 3, "truncated: its header promises 3×2×3 bytes, only 12 follow")]
    [InlineData(7, 1, "but more follow it at byte 22")]
    [InlineData(7, 0, "extent 0 is 0")]
    [InlineData(4, 0x80, "extent 0 is 2147483650")]
    [InlineData(4, 0x7F, "more than the file can hold")]
    public void Says_what_is_wrong_with_a_header(int offset, byte value, string said)
    {
        byte[] damaged = [.. TwoImages];
        damaged[offset] = value;
        foreach (byte[] bytes in new[] { damaged, Gzip(damaged) })
        {
            var e = Assert.Throws<FileFormatException>(() => IdxFile.Read(folder.Write("f", bytes), 3));
            if (bytes == damaged && offset == 7 && value == 3)
                Assert.Contains("more than the file can hold", e.Message, StringComparison.Ordinal);
            else
                Assert.Contains(
                    said.Replace(" it at byte 22", "", StringComparison.Ordinal),
                    e.Message,
                    StringComparison.Ordinal
                );
        }
    }

    [Fact]
    public void Never_allocates_on_a_promise()
    {
        byte[] bomb = [0, 0, 8, 3, 0, 0, 0xEA, 0x60, 0, 0, 0, 100, 0, 0, 0, 100, 0];
        string plain = folder.Write("plain", bomb),
            gzip = folder.Write("gzip", Gzip(bomb));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<FileFormatException>(() => IdxFile.Read(plain, 3));
        Assert.Throws<FileFormatException>(() => IdxFile.Read(gzip, 3));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 4_000_000);
    }

    [Fact]
    public void A_missing_file_is_a_data_error() =>
        Assert.Contains(
            "nowhere",
            Assert.Throws<DataException>(() => IdxFile.Read(folder["nowhere"], 1)).Message,
            StringComparison.Ordinal
        );

    internal static byte[] Gzip(byte[] bytes)
    {
        var to = new MemoryStream();
        using (var gzip = new GZipStream(to, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(bytes);
        return to.ToArray();
    }
}
