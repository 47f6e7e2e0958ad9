using Decant.Coding;
using Decant.Core;
using Xunit;

namespace Decant.Tests.Coding;

public sealed class ContainerTests
{
    [Theory]
    [InlineData(CodingEffort.Smallest)]
    [InlineData(CodingEffort.Huffman)]
    public void Everything_comes_back_and_is_written_the_same_again(CodingEffort effort)
    {
        for (ulong seed = 1; seed <= 3; seed++)
        {
            Network network = Networks.Odd(seed);
            byte[] bytes = Networks.Write(network, effort);
            Network back = Networks.Read(bytes);
            Networks.AssertSame(network, back);
            Assert.Equal(bytes, Networks.Write(back, effort));
        }
    }

    [Fact]
    public void The_bytes_of_version_1_stay_as_they_are()
    {
        // If this fails, files of version 1 can no longer be read: raise DcntFormat.Version and keep the old reader.
        Network network = Networks.LeNet5(
            (name, shape) =>
                Bytes.Codebook(
                    new Rng((ulong)shape.Count),
                    shape,
                    8,
                    0.01,
                    name.EndsWith("weight", StringComparison.Ordinal)
                )
        );
        Assert.Equal(
            (4026422768u, 1403648321u),
            (Crc32.Of(Networks.Write(network)), Crc32.Of(Networks.Write(network, CodingEffort.Huffman)))
        );
    }

    [Fact]
    public void LeNet5_costs_few_bytes_beside_its_numbers()
    {
        Network network = Networks.LeNet5((_, shape) => new SparseEncoding(shape, [], []));
        byte[] bytes = Networks.Write(network);
        using DcntReader reader = DcntReader.Open(new MemoryStream(bytes));
        Assert.InRange(reader.ReadLayout().Sections[0].Length, 1, 80);
    }

    [Theory]
    [InlineData(CodingEffort.Smallest)]
    [InlineData(CodingEffort.Huffman)]
    public void Every_byte_is_accounted_for(CodingEffort effort)
    {
        byte[] bytes = Networks.Write(Networks.Odd(5), effort);
        using DcntReader reader = DcntReader.Open(new MemoryStream(bytes));
        DcntLayout layout = reader.ReadLayout();
        Assert.Equal(bytes.Length, layout.FileLength);
        long at = layout.HeaderLength;
        foreach (DcntSection section in layout.Sections)
        {
            Assert.Equal(at, section.Offset);
            at += section.Length;
            if (section.Kind != DcntSectionKind.Description)
                Assert.Equal(section.Length, section.Weights.Sum(w => w.Bytes.Total));
            Assert.All(section.Weights, w => Assert.True(w.Bytes is { Codebook: >= 0, Positions: >= 0, Values: >= 0 }));
        }
        Assert.Equal(
            reader.WeightNames,
            layout
                .Sections.SelectMany(s => s.Weights.Select(w => w.Name))
                .OrderBy(n => reader.WeightNames.ToList().IndexOf(n))
        );
    }

    [Fact]
    public void A_weight_read_alone_is_the_one_read_with_the_rest()
    {
        byte[] bytes = Networks.Write(Networks.Odd(6));
        Network all = Networks.Read(bytes);
        using DcntReader reader = DcntReader.Open(new MemoryStream(bytes));
        foreach (Weight w in all.Weights)
            Networks.AssertSame(w.Encoding, reader.ReadWeight(w.Name).Encoding);
        Assert.Throws<ModelException>(() => reader.ReadWeight("missing"));
    }

    [Fact]
    public void Decoding_on_several_threads_gives_what_one_gives()
    {
        byte[] bytes = Networks.Write(Networks.Odd(7));
        using DcntReader reader = DcntReader.Open(new MemoryStream(bytes));
        Network[] many = new Network[8];
        Parallel.For(0, many.Length, i => many[i] = reader.ReadNetwork());
        foreach (Network network in many)
            Assert.Equal(bytes, Networks.Write(network));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Threads_change_neither_the_bytes_nor_what_they_decode_to(int threads)
    {
        Network network = Networks.Odd(2);
        using var stream = new MemoryStream();
        DcntWriter.Write(network, stream, new DcntWriteOptions { Threads = threads });
        Assert.Equal(Networks.Write(network), stream.ToArray());
        using DcntReader reader = DcntReader.Open(stream, new DcntReadOptions { Threads = threads });
        Networks.AssertSame(network, reader.ReadNetwork());
    }

    [Fact]
    public void Writing_and_reading_are_stopped()
    {
        using var stop = new CancellationTokenSource();
        Network network = Networks.Odd(1);
        using DcntReader reader = DcntReader.Open(new MemoryStream(Networks.Write(network)));
        stop.Cancel();
        using var stream = new MemoryStream();
        Assert.ThrowsAny<OperationCanceledException>(() => DcntWriter.Write(network, stream, null, stop.Token));
        Assert.Equal(0, stream.Length);
        Assert.ThrowsAny<OperationCanceledException>(() => reader.ReadNetwork(stop.Token));
    }

    [Fact]
    public void The_order_of_a_codebook_does_not_change_the_bytes()
    {
        var rng = new Rng(3);
        CodebookEncoding one = Bytes.Codebook(rng, new Shape(40, 30), 12, 0.3, true);
        int[] order = [0, .. Enumerable.Range(1, 11).Reverse()];
        var other = new CodebookEncoding(
            one.Shape,
            [.. order.Select(i => one.Codebook[i])],
            [.. one.Indices.ToArray().Select(i => (byte)Array.IndexOf(order, i))],
            true
        );
        Assert.Equal(Networks.Write(Of(one)), Networks.Write(Of(other)));
    }

    [Fact]
    public void A_file_is_saved_and_loaded()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.dcnt");
        try
        {
            DcntWriter.Save(Networks.Small(1), path);
            Networks.AssertSame(Networks.Small(1), DcntReader.Load(path));
        }
        finally
        {
            File.Delete(path);
        }
        Assert.Throws<DecantException>(() => DcntReader.Load(path));
    }

    [Fact]
    public void Large_dense_weights_come_back()
    {
        var rng = new Rng(8);
        Network normal = Of(new DenseEncoding(Tensor.Of(new Shape(200, 100), Bytes.Floats(rng, 20000, 1))));
        Network noise = Of(
            new DenseEncoding(
                Tensor.Of(
                    new Shape(20000),
                    Enumerable
                        .Range(0, 20000)
                        .Select(_ => BitConverter.UInt32BitsToSingle((uint)rng.NextBits()))
                        .ToArray()
                )
            )
        );
        Network coarse = Of(
            new DenseEncoding(
                Tensor.Of(
                    new Shape(20000),
                    Enumerable.Range(0, 20000).Select(_ => (float)(Half)rng.NextNormal()).ToArray()
                )
            )
        );
        foreach (Network network in new[] { normal, noise, coarse })
            Networks.AssertSame(network, Networks.Read(Networks.Write(network)));
        Assert.InRange(Networks.Write(normal).Length, 1, 72000);
        Assert.InRange(Networks.Write(noise).Length, 80000, 80200);
        Assert.InRange(Networks.Write(coarse).Length, 1, 36000);
    }

    [Fact]
    public void All_zeros_are_padded_to_what_a_reader_allows()
    {
        Network network = Of(new SparseEncoding(new Shape(600, 600), [], []));
        byte[] bytes = Networks.Write(network);
        Assert.InRange(bytes.Length, 72, 200);
        Networks.AssertSame(network, Networks.Read(bytes));
        Assert.Equal(bytes, Networks.Write(Networks.Read(bytes)));
    }

    [Fact]
    public void A_decoded_size_above_the_limit_is_an_error_before_memory_is_taken()
    {
        byte[] bytes = Networks.Write(Of(new SparseEncoding(new Shape(300, 300), [], [])));
        var e = Assert.Throws<FileFormatException>(() =>
            DcntReader.Open(new MemoryStream(bytes), new DcntReadOptions { MaxDecodedBytes = 359_999 })
        );
        Assert.Contains(nameof(DcntReadOptions.MaxDecodedBytes), e.Message);
    }

    private static Network Of(Encoding encoding) =>
        new(
            "",
            [],
            [new ValueInfo("w", new TensorType(ElementType.Float32, encoding.Shape))],
            [],
            [new Weight("w", encoding)]
        );
}
