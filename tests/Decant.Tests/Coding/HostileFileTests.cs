using Decant.Coding;
using Decant.Core;
using Xunit;

namespace Decant.Tests.Coding;

public sealed class HostileFileTests
{
    [Theory]
    [InlineData(1000, true, false, CodingEffort.Smallest)]
    [InlineData(1000, true, true, CodingEffort.Smallest)]
    [InlineData(1000, true, true, CodingEffort.Huffman)]
    [InlineData(60, false, true, CodingEffort.Smallest)]
    [InlineData(60, false, true, CodingEffort.Huffman)]
    public void Damaged_files_are_refused_or_read_never_worse(
        int files,
        bool tiny,
        bool fixChecksums,
        CodingEffort effort
    )
    {
        byte[] file = Networks.Write(tiny ? Networks.Tiny(1) : Networks.Small(1), effort);
        int refused = 0;
        for (ulong seed = 0; seed < (ulong)files; seed++)
        {
            byte[] bytes = ContainerMutation.Mutate(file, seed, fixChecksums);
            try
            {
                using DcntReader reader = DcntReader.Open(
                    new MemoryStream(bytes),
                    new DcntReadOptions { MaxDecodedBytes = tiny ? 1 << 13 : 1 << 17 }
                );
                reader.ReadLayout();
                if (!fixChecksums)
                    Assert.Equal(file, bytes);
            }
            catch (DecantException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, fixChecksums ? files / 20 : files - files / 20, files);
    }

    [Fact]
    public void Parsers_behind_the_checksums_are_reached()
    {
        byte[] file = Networks.Write(Networks.Small(2));
        var messages = new HashSet<string>();
        for (ulong seed = 0; seed < 100; seed++)
        {
            try
            {
                using DcntReader reader = DcntReader.Open(
                    new MemoryStream(ContainerMutation.Mutate(file, seed, true)),
                    new DcntReadOptions { MaxDecodedBytes = 1 << 17 }
                );
                reader.ReadNetwork();
            }
            catch (DecantException e)
            {
                messages.Add(new string([.. e.Message.Where(c => !char.IsDigit(c)).Take(25)]));
            }
        }
        Assert.InRange(messages.Count, 8, int.MaxValue);
    }

    [Fact]
    public void Other_files_cut_files_and_newer_files_say_what_they_are()
    {
        byte[] file = Networks.Write(Networks.Small(1));
        Assert.Contains("not a .dcnt file", Error("PK\u0003\u0004 something else"u8.ToArray()));
        Assert.Contains("not a .dcnt file", Error([]));
        Assert.Contains("truncated", Error(file[..^1]));
        Assert.Contains("follow the last section", Error([.. file, 0]));
        byte[] newer = [.. file];
        newer[4] = DcntFormat.Version + 1;
        Assert.Contains("needs a newer Decant", Error(newer));
    }

    [Fact]
    public void A_checksum_that_does_not_fit_names_the_weight()
    {
        byte[] file = Networks.Write(Networks.Small(1));
        file[^1] ^= 1;
        Assert.Contains("'fc1.weight'", Error(file));
        file[^1] ^= 1;
        using DcntReader reader = DcntReader.Open(new MemoryStream(file));
        int description = reader.ReadLayout().HeaderLength;
        file[description] ^= 1;
        Assert.Contains("description", Error(file));
    }

    [Fact]
    public void Huge_counts_are_refused_at_once()
    {
        var head = new ByteWriter();
        head.Bytes("DCNT\u0001"u8);
        head.Varint(ulong.MaxValue);
        Assert.Contains("do not fit", Error(head.ToArray()));
        var codec = new WeightCodec(WeightKind.Codebook, ElementType.Float32, new Shape(40000, 40000));
        Assert.Contains(
            "at least",
            Assert
                .Throws<FileFormatException>(() => WeightCoding.Decode(codec, new byte[] { 2, 0, 0 }, "weight 'w'"))
                .Message
        );
        Assert.Contains(
            "at least",
            Assert
                .Throws<FileFormatException>(() =>
                    SharedWeights.Decode([.. Enumerable.Repeat(codec, 3)], new byte[] { 2, 0, 0 }, "weights")
                )
                .Message
        );
    }

    [Fact]
    public void A_description_without_end_ends()
    {
        var rng = new Rng(1);
        for (int i = 0; i < 40; i++)
        {
            byte[] bytes =
            [
                .. Enumerable.Range(0, rng.Next(40)).Select(_ => (byte)(rng.Next(3) == 0 ? 0xFF : rng.Next(256))),
            ];
            Exception? refused = Record.Exception(() => Description.Read(bytes));
            Assert.True(refused is null or DecantException, $"{refused}");
        }
    }

    private static string Error(byte[] file) => Assert.ThrowsAny<DecantException>(() => Networks.Read(file)).Message;
}
