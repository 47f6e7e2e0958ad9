using System.IO.Compression;
using Decant.Core;
using Decant.Tests.Mutation;
using Xunit;

namespace Decant.Tests.Formats.PyTorch;

public sealed class MutationTests
{
    private static readonly Func<int, long> Allocation = length => 1_000_000 + 1100L * length;

    [Fact]
    public void Damaged_files_of_the_old_format_are_read_or_refused()
    {
        Assert.True(Hostile.Run(TorchFiles.Legacy, 1500, 1, Read, Allocation) > 500);
        Assert.True(Hostile.Run(TorchFiles.Protocol4, 1500, 2, Read, Allocation) > 500);
    }

    [Fact]
    public void Damaged_zip_files_are_read_or_refused()
    {
        Assert.True(Hostile.Run(TorchFiles.Zip, 700, 3, Read, Allocation) > 200);
        Assert.True(Hostile.Run(TorchFiles.Checkpoint, 700, 4, Read, Allocation) > 200);
        Assert.True(
            Hostile.Run(
                StateFile.Zip([new("w", Tensor.Vector(1f, 2))], CompressionLevel.Optimal),
                700,
                5,
                Read,
                Allocation
            ) > 200
        );
    }

    /// <summary>The pickle alone is damaged, behind checksums that are right.</summary>
    [Fact]
    public void Damaged_pickles_in_whole_zip_files_are_read_or_refused()
    {
        using var archive = new ZipArchive(new MemoryStream(TorchFiles.Checkpoint));
        byte[] pickle = Bytes(archive.Entries.Single(e => e.Name == "data.pkl"));
        (string, byte[])[] storages =
        [
            .. archive
                .Entries.Where(e => e.FullName.Contains("/data/", StringComparison.Ordinal))
                .Select(e => (e.Name, Bytes(e))),
        ];
        Assert.True(
            Hostile.Run(
                pickle,
                1000,
                6,
                bytes => Read(StateFile.Zip(bytes, CompressionLevel.NoCompression, "little", storages)),
                Allocation
            ) > 300
        );
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        foreach (byte[] whole in new[] { TorchFiles.Legacy, TorchFiles.Zip })
            for (int length = 0; length < whole.Length; length++)
                Assert.ThrowsAny<DecantException>(() => Read(whole[..length]));
    }

    private static void Read(byte[] bytes) => PyTorchReaderTests.Read(bytes);

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using var bytes = new MemoryStream();
        using (Stream stream = entry.Open())
            stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
