using Decant.Core;
using Decant.Runtime;
using Decant.Tests.Formats.Onnx;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Channels;

/// <summary>Channels of a transformer whose sizes are read when it runs are found, counted and cut.</summary>
public sealed class OpenSizeTests
{
    private const int Width = 12,
        Inner = 20;

    [Fact]
    public void TheFeedForwardLayerIsCut()
    {
        Network network = Sentence();
        ChannelGroups groups = ChannelGroups.Of(network);
        ChannelGroup inner = groups.Single(g => !g.IsFixed && g.Count == Inner);
        bool[] kept = [.. Enumerable.Range(0, Inner).Select(i => i % 3 != 0)];
        var cut = new Dictionary<string, bool[]> { [inner.Name] = kept };
        Network masked = ChannelMask.Apply(groups, cut),
            thinned = Thinning.Keep(groups, cut);
        Assert.Equal(new Shape(Width, kept.Count(k => k)), Cut.ShapeOf(thinned, "w1"));
        foreach (int length in new[] { 1, 7, 30 })
        {
            Tensor[] ids =
            [
                Tensor.Of(new Shape(2, length), [.. Enumerable.Range(0, 2 * length).Select(i => (long)(i % 9))]),
            ];
            using ReferenceExecutor a = new(masked),
                b = new(thinned);
            Cut.Within(a.Run(ids), b.Run(ids));
        }
    }

    [Fact]
    public void CostsAreThoseOfATypicalExtent()
    {
        Network network = Sentence();
        var shapes = NetworkShapes.OfOneExample(network);
        Assert.Equal(NetworkShapes.TypicalExtent * 2L * Width * Inner, network.Nodes.Sum(shapes.Macs));
    }

    /// <summary>Words plus positions, whose number is read from the input, and a feed-forward layer.</summary>
    private static Network Sentence()
    {
        var rng = new Rng(3);
        return new OnnxModelBuilder()
            .Input("ids", ElementType.Int64, "N", "T")
            .Output("y", "N", "T", Width)
            .Weight("words", Random(rng, 9, Width))
            .Weight("places", Random(rng, 200, Width))
            .Weight("w1", Random(rng, Width, Inner))
            .Weight("b1", Random(rng, Inner))
            .Weight("w2", Random(rng, Inner, Width))
            .Positions("ids", "places", 200, "position")
            .Node("Gather", "words ids", "word")
            .Node("Add", "word position", "x")
            .Node("MatMul", "x w1", "h")
            .Node("Add", "h b1", "hb")
            .Node("Gelu", "hb", "g")
            .Node("MatMul", "g w2", "z")
            .Node("Add", "z x", "y")
            .Read();
    }
}
