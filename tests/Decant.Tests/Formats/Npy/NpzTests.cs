using System.IO.Compression;
using Decant.Core;
using Decant.Formats.Npy;
using Decant.Tests.Mutation;
using Xunit;

namespace Decant.Tests.Formats.Npy;

public sealed class NpzTests
{
    private static readonly KeyValuePair<string, Tensor>[] Arrays =
    [
        new("x", Tensor.Of(new Shape(2, 3), [1f, 2, 3, 4, 5, 6])),
        new("élan/y", Tensor.Vector(7L, -8)),
    ];

    [Fact]
    public void Arrays_are_read_by_name()
    {
        using NpzReader reader = NpzReader.Open(new MemoryStream(Write(Arrays)));
        Assert.Equal(["x", "élan/y"], reader.Names.AsEnumerable());
        SameTensor.Assert(Arrays[1].Value, reader.Read("élan/y"));
        SameTensor.Assert(Arrays[0].Value, reader.Read("x"));
        FileFormatException e = Assert.Throws<FileFormatException>(() => reader.Read("z"));
        Assert.Contains("x, élan/y", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_arrays_give_equal_bytes_and_a_path_reads_back()
    {
        Assert.Equal(Write(Arrays), Write(Arrays));
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.npz");
        try
        {
            NpzWriter.Save(Arrays, path);
            Assert.Equal(Write(Arrays), File.ReadAllBytes(path));
            using NpzReader reader = NpzReader.Open(path);
            SameTensor.Assert(Arrays[0].Value, reader.Read("x"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void Archives_of_others_are_read(CompressionLevel level)
    {
        using NpzReader reader = NpzReader.Open(new MemoryStream(Zip("x.npy", Npy(Arrays[0].Value), level)));
        SameTensor.Assert(Arrays[0].Value, reader.Read("x"));
    }

    [Fact]
    public void A_bomb_within_the_ratio_of_deflate_is_stopped_by_its_header()
    {
        byte[] bomb = [.. Npy(Arrays[0].Value), .. new byte[20_000_000]];
        using NpzReader reader = NpzReader.Open(new MemoryStream(Zip("x.npy", bomb, CompressionLevel.Optimal)));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<FileFormatException>(() => reader.Read("x"));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 500_000);
    }

    [Fact]
    public void A_flipped_bit_in_the_numbers_is_found()
    {
        byte[] file = Write(Arrays);
        file[30 + "x.npy".Length + 128 + 3] ^= 4;
        using NpzReader reader = NpzReader.Open(new MemoryStream(file));
        Assert.Contains(
            "checksum",
            Assert.Throws<FileFormatException>(() => reader.Read("x")).Message,
            StringComparison.Ordinal
        );
        reader.Read("élan/y");
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void Damaged_files_are_read_or_refused(CompressionLevel level)
    {
        byte[] file =
            level == CompressionLevel.NoCompression ? Write(Arrays) : Zip("x.npy", Npy(Arrays[0].Value), level);
        Assert.True(Hostile.Run(file, 600, 6, ReadAll, length => 1_000_000 + 1100L * length) > 200);
    }

    [Fact]
    public void Names_given_twice_are_refused() => Assert.Throws<DecantException>(() => Write([Arrays[0], Arrays[0]]));

    [DataFact("imagenet/calibration-63.npz")]
    public void A_file_of_NumPy_is_read()
    {
        using NpzReader reader = NpzReader.Open(DataFactAttribute.PathOf("imagenet/calibration-63.npz"));
        Tensor x = reader.Read("x");
        Assert.Equal("UInt8 63×3×227×227", x.ToString());
    }

    private static void ReadAll(byte[] bytes)
    {
        using NpzReader reader = NpzReader.Open(new MemoryStream(bytes));
        foreach (string name in reader.Names)
            reader.Read(name);
    }

    private static byte[] Write(KeyValuePair<string, Tensor>[] arrays)
    {
        using var stream = new MemoryStream();
        NpzWriter.Write(arrays, stream);
        return stream.ToArray();
    }

    private static byte[] Npy(Tensor tensor)
    {
        using var stream = new MemoryStream();
        NpyWriter.Write(tensor, stream);
        return stream.ToArray();
    }

    private static byte[] Zip(string name, byte[] content, CompressionLevel level)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        using (Stream entry = archive.CreateEntry(name, level).Open())
            entry.Write(content);
        return stream.ToArray();
    }
}
