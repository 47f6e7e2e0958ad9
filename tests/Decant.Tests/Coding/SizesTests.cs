using Decant.Coding;
using Decant.Core;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Coding;

public sealed class SizesTests
{
    [Fact]
    public void Sizes_are_those_of_the_layout()
    {
        Network network = Models.Load("zoo:lenet-300-100");
        using var stream = new MemoryStream();
        DcntWriter.Write(network, stream);
        using DcntReader reader = DcntReader.Open(stream);
        var (back, layout) = reader.ReadAll();
        Assert.Equal(stream.Length, layout.FileLength);
        Assert.Equal(network.Weights.Select(w => w.Name), back.Weights.Select(w => w.Name));
        IReadOnlyDictionary<string, long> sizes = reader.ReadSizes();
        Assert.Equal(network.Weights.Count, sizes.Count);
        Assert.All(layout.Sections.SelectMany(s => s.Weights), w => Assert.Equal(w.Bytes.Total, sizes[w.Name]));
    }

    [Property]
    public bool Counted_gaps_are_the_gaps_made(ushort[] steps, byte bits)
    {
        int b = RelativePositions.MinBits + bits % (RelativePositions.MaxBits - RelativePositions.MinBits + 1),
            at = -1;
        int[] positions = [.. steps.Select(s => at += 1 + s % 700)];
        var (gaps, fillers) = RelativePositions.Count(positions, b);
        RelativePositions made = RelativePositions.Of(positions, b);
        var expected = new long[1 << b];
        foreach (byte gap in made.Gaps)
            expected[gap]++;
        return fillers == made.Positions.Count(p => p < 0) && gaps.AsSpan().SequenceEqual(expected);
    }
}
