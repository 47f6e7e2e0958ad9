using Decant.Coding;
using Decant.Core;
using Xunit;

namespace Decant.Tests.Coding;

/// <summary>Containers with what repeats: versions, references between sections, damage.</summary>
public sealed class RepeatingFileTests
{
    private static readonly Lazy<byte[]> File = new(() => Networks.Write(Tables.Network()));

    [Fact]
    public void Every_method_of_dense_weights_is_used_and_comes_back()
    {
        Network network = Tables.Network();
        byte[] bytes = File.Value;
        using DcntReader reader = DcntReader.Open(new MemoryStream(bytes));
        var (back, layout) = reader.ReadAll();
        Networks.AssertSame(network, back);
        Assert.Equal(bytes, Networks.Write(back));
        Assert.Equal(bytes.Length, layout.FileLength);
        var methods = layout
            .Sections.SelectMany(s => s.Weights)
            .ToDictionary(w => w.Name, w => w.Bytes.Method, StringComparer.Ordinal);
        Assert.Equal(WeightMethod.Elements, methods["real"]);
        Assert.Equal(WeightMethod.ElementsAfter, methods["imaginary"]);
        Assert.Equal(WeightMethod.ElementsAfter, methods["again"]);
        Assert.Equal(WeightMethod.Values, methods["few"]);
        Assert.Equal(WeightMethod.Elements, methods["codes"]);
        foreach (DcntSection section in layout.Sections.Skip(1))
            Assert.Equal(section.Length, section.Weights.Sum(w => w.Bytes.Total));
        foreach (Weight w in network.Weights)
            Networks.AssertSame(w.Encoding, reader.ReadWeight(w.Name).Encoding);
        IReadOnlyDictionary<string, long> sizes = reader.ReadSizes();
        Assert.All(layout.Sections.SelectMany(s => s.Weights), w => Assert.Equal(w.Bytes.Total, sizes[w.Name]));
    }

    [Fact]
    public void A_weight_that_is_there_twice_costs_almost_nothing()
    {
        var rng = new Rng(7);
        float[] values = Bytes.Floats(rng, 20_000, 1);
        Weight[] weights =
        [
            new("a", Tensor.Of(new Shape(100, 200), values)),
            new("b", Tensor.Of(new Shape(100, 200), Bytes.Floats(rng, 20_000, 1))),
            new("c", Tensor.Of(new Shape(100, 200), values)),
        ];
        using DcntReader reader = DcntReader.Open(new MemoryStream(Networks.Write(Of(weights))));
        IReadOnlyDictionary<string, long> sizes = reader.ReadSizes();
        Assert.InRange(sizes["b"], 60_000, 80_000);
        Assert.InRange(sizes["c"], 1, 64);
    }

    [Fact]
    public void A_file_is_of_the_first_version_that_has_all_it_needs()
    {
        Assert.Equal(1, Networks.Write(Networks.Small(1))[4]);
        Assert.Equal(2, File.Value[4]);
        Assert.Equal(1, Networks.Write(Tables.Network(), CodingEffort.Huffman)[4]);
    }

    [Fact]
    public void The_bytes_of_version_2_stay_as_they_are()
    {
        // If this fails, files of version 2 can no longer be read: raise DcntFormat.Version and keep the old reader.
        var rng = new Rng(1);
        float[] row = Bytes.Floats(rng, 90, 0.5);
        Weight[] weights =
        [
            new("rows", Tensor.Of(new Shape(100, 90), [.. Enumerable.Range(0, 9000).Select(i => row[i * i % 89])])),
            new("few", Tables.Make("few", ElementType.Int32, new Shape(100, 90), 1)),
            new("halves", Tables.Make("blocks", ElementType.Float16, new Shape(100, 90), 1)),
            new("again", Tables.Make("blocks", ElementType.Float16, new Shape(100, 90), 1)),
            new("small", Tables.Make("periodic", ElementType.Float32, new Shape(100), 1)),
        ];
        Assert.Equal(4078873178u, Crc32.Of(Networks.Write(Of(weights))));
    }

    [Theory]
    [InlineData(1, 0, "there is none")]
    [InlineData(1, 2, "not of one weight")]
    [InlineData(1, 3, "not of one weight")]
    [InlineData(2, 1, "another type or shape")]
    [InlineData(3, 1, "there is none")]
    public void References_to_what_is_no_weight_that_stands_alone_are_refused(int weight, byte back, string why)
    {
        byte[] bytes = [.. File.Value];
        using (DcntReader reader = DcntReader.Open(new MemoryStream(bytes)))
        {
            DcntSection[] own = [.. reader.ReadLayout().Sections.Where(s => s.Kind == DcntSectionKind.Weight)];
            // The weights are real, few, imaginary, again: the sections of the last two begin 5, 2 and 5, 3.
            int at = (int)own[weight].Offset;
            if (weight > 1)
                Assert.Equal([(byte)WeightMethod.ElementsAfter, (byte)weight], bytes[at..(at + 2)]);
            (bytes[at], bytes[at + 1]) = ((byte)WeightMethod.ElementsAfter, back);
        }
        ContainerMutation.FixChecksums(bytes);
        Assert.Contains(why, Assert.ThrowsAny<DecantException>(() => Networks.Read(bytes)).Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Damaged_files_are_refused_or_read_never_worse(bool fixChecksums)
    {
        byte[] file = Networks.Write(Tables.Network(92));
        int refused = 0,
            files = fixChecksums ? 150 : 60;
        for (ulong seed = 0; seed < (ulong)files; seed++)
        {
            byte[] bytes = ContainerMutation.Mutate(file, seed, fixChecksums);
            try
            {
                using DcntReader reader = DcntReader.Open(
                    new MemoryStream(bytes),
                    new DcntReadOptions { MaxDecodedBytes = 1 << 18 }
                );
                reader.ReadLayout();
                if (!fixChecksums)
                    Assert.Equal(file, bytes);
            }
            catch (DecantException e)
            {
                Assert.DoesNotContain('\n', e.Message);
                refused++;
            }
        }
        Assert.InRange(refused, fixChecksums ? files / 20 : files - files / 20, files);
    }

    private static Network Of(params Weight[] weights) =>
        new(
            "",
            [],
            [.. weights.Select(w => new ValueInfo(w.Name, new TensorType(w.Encoding.Type, w.Encoding.Shape)))],
            [],
            weights
        );
}
