using Decant.Core;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Channels;

public sealed class ChannelGroupsTests
{
    private static readonly Attributes None = Attributes.None;
    private readonly ChannelDraft draft = new();
    private readonly Rng rng = new(11);

    [Fact]
    public void AChannelIsAFilterABiasAndTheSlicesThatReadIt()
    {
        Conv("a", draft.Input("x", 1, 3, 6, 6), 4, bias: true);
        Conv("b", draft.Named("relu", "Relu", None, "a.y"), 5);
        ChannelGroups groups = ChannelGroups.Of(draft.Build("b.y"));
        Assert.Equal(["a", "b"], groups.Select(g => g.Name));
        Assert.Equal(["a.w", "a.b"], groups[0].Producers);
        Assert.Equal(["b.w"], groups[0].Consumers);
        Channel third = groups[0].Channels[2];
        Assert.Equal(
            [
                ("a.w", 0, 2, ChannelRole.Producer),
                ("a.b", 0, 2, ChannelRole.Producer),
                ("b.w", 1, 2, ChannelRole.Consumer),
            ],
            third.Members.Select(m => (m.Weight, m.Axis, m.Indices.Single(), m.Role))
        );
        Assert.Equal(["a.y", "relu.y"], third.Values.Select(v => v.Value));
        Assert.All(third.Values, v => Assert.Equal((1, 2), (v.Axis, v.Indices.Single())));
        Assert.Equal("output 'b.y'", groups[1].FixedBy);
    }

    [Fact]
    public void AResidualSumCouplesWhatItAdds()
    {
        string a = Conv("a", draft.Input("x", 1, 3, 6, 6), 4),
            b = Conv("b", Conv("inner", a, 7), 4);
        Conv("end", draft.Named("sum", "Add", None, b, a), 2);
        ChannelGroups groups = ChannelGroups.Of(draft.Build("end.y"));
        Assert.Equal([("a", 4), ("inner", 7), ("end", 2)], groups.Select(g => (g.Name, g.Count)));
        Assert.Equal(["a", "b"], groups[0].Layers);
        Assert.Equal(["inner.w", "end.w"], groups[0].Consumers);
    }

    [Fact]
    public void AShortcutThatPadsCouplesChannelsOneByOne()
    {
        string a = Conv("a", draft.Input("x", 1, 3, 6, 6), 4),
            b = Conv("b", a, 8);
        string pad = draft.Named("pad", "Pad", None, a, draft.Longs(0, 2, 0, 0, 0, 2, 0, 0));
        Conv("end", draft.Named("sum", "Add", None, b, pad), 2);
        ChannelGroups groups = ChannelGroups.Of(draft.Build("end.y"));
        ChannelGroup stream = groups[0];
        Assert.Equal(8, stream.Count);
        // Channel 1 of a is channel 3 of b; channel 0 of b stands beside padding.
        Assert.Equal(
            [("a.w", 0, 1), ("b.w", 0, 3), ("b.w", 1, 1), ("end.w", 1, 3)],
            stream.Channels[1].Members.Select(m => (m.Weight, m.Axis, m.Indices.Single())).Order()
        );
        Assert.Equal(
            [("b.w", 0, 0), ("end.w", 1, 0)],
            stream.Channels[4].Members.Select(m => (m.Weight, m.Axis, m.Indices.Single())).Order()
        );
    }

    [Fact]
    public void WhatASumSharesWithAnInputIsFixed()
    {
        string x = draft.Input("x", 1, 4, 6, 6);
        Conv("end", draft.Named("sum", "Add", None, Conv("a", x, 4), x), 2);
        Assert.Equal("input 'x'", ChannelGroups.Of(draft.Build("end.y"))["a"].FixedBy);
    }

    [Fact]
    public void WhatASoftmaxReadsIsFixedByIt()
    {
        string a = Conv("a", draft.Input("x", 1, 3, 6, 6), 4);
        Conv("end", draft.Named("soft", "Softmax", With(("axis", 1L)), a), 2);
        Assert.Equal("node 'soft' (Softmax)", ChannelGroups.Of(draft.Build("end.y"))["a"].FixedBy);
    }

    [Fact]
    public void WhatAnUnknownOperatorReadsIsFixedByIt()
    {
        string a = Conv("a", draft.Input("x", 1, 4, 6, 6), 4);
        Conv("end", draft.Named("deep", "DepthToSpace", With(("blocksize", 2L)), a), 2);
        Assert.Equal("node 'deep' (DepthToSpace)", ChannelGroups.Of(draft.Build("end.y"))["a"].FixedBy);
    }

    [Fact]
    public void GroupsOfAConvolutionLoseTheSameChannels()
    {
        string a = Conv("a", draft.Input("x", 1, 3, 6, 6), 6),
            b = Conv("b", a, 4, group: 2);
        Conv("end", b, 2);
        ChannelGroups groups = ChannelGroups.Of(draft.Build("end.y"));
        Assert.Equal([3, 2, 2], groups.Select(g => g.Count));
        Assert.Equal([1, 4], groups[0].Channels[1].Members[0].Indices.ToArray());
        Assert.Equal(
            ("b.w", 1, 1),
            (
                groups[0].Channels[1].Members[1].Weight,
                groups[0].Channels[1].Members[1].Axis,
                groups[0].Channels[1].Members[1].Indices.Single()
            )
        );
        Assert.Equal([0, 2], groups[1].Channels[0].Members[0].Indices.ToArray());
    }

    [Fact]
    public void ADepthwiseChannelGoesWithWhatIsMadeOfIt()
    {
        string a = Conv("a", draft.Input("x", 1, 3, 6, 6), 3),
            deep = Conv("deep", a, 6, group: 3);
        Conv("end", deep, 2);
        ChannelGroups groups = ChannelGroups.Of(draft.Build("end.y"));
        Assert.Equal(["a", "end"], groups.Select(g => g.Name));
        Assert.Equal(["a", "deep"], groups[0].Layers);
        Assert.Equal([2, 3], groups[0].Channels[1].Members.Single(m => m.Weight == "deep.w").Indices.ToArray());
    }

    [Fact]
    public void AUnitOfAnLstmHasARowInEveryGateAndAColumn()
    {
        ChannelGroup units = ChannelGroups.Of(Lstm(5))["cell"];
        Assert.Equal(5, units.Count);
        var members = units
            .Channels[3]
            .Members.ToDictionary(m => (m.Weight, m.Axis), m => (m.Indices.ToArray(), m.Role));
        Assert.Equal([3, 8, 13, 18], members[("W", 1)].Item1);
        Assert.Equal([3, 8, 13, 18], members[("R", 1)].Item1);
        Assert.Equal((3, ChannelRole.Consumer), (members[("R", 2)].Item1.Single(), members[("R", 2)].Role));
        Assert.Equal([3, 8, 13, 18, 23, 28, 33, 38], members[("B", 1)].Item1);
        Assert.Equal([3, 8, 13], members[("P", 1)].Item1);
        Assert.Equal((3, ChannelRole.Consumer), (members[("fc.w", 0)].Item1.Single(), members[("fc.w", 0)].Role));
    }

    [Fact]
    public void AnEmbeddingMakesChannels()
    {
        string ids = draft.Named("ids", "Cast", With(("to", 7L)), draft.Input("x", 1, 3));
        string words = draft.Named("words", "Gather", None, draft.Weight(Random(rng, 5, 4), "table"), ids);
        Network network = draft.Build(
            draft.Named("fc", "MatMul", None, words, draft.Weight(Random(rng, 4, 2), "fc.w"))
        );
        Network thinned = Thinning.Keep(network, Cut.Without(ChannelGroups.Of(network), "words", 1));
        Assert.Equal(
            [new Shape(5, 3), new Shape(3, 2)],
            new[] { "table", "fc.w" }.Select(w => Cut.ShapeOf(thinned, w))
        );
    }

    [Fact]
    public void AWeightThatTwoLayersShareCouplesThem()
    {
        string x = draft.Input("x", 1, 4, 6, 6),
            w = draft.Weight(Random(rng, 4, 4, 1, 1), "shared");
        string a = draft.Named("a", "Conv", None, Conv("first", x, 4), w),
            b = draft.Named("b", "Conv", None, a, w);
        Conv("end", b, 2);
        ChannelGroup group = ChannelGroups.Of(draft.Build("end.y"))["first"];
        Assert.Equal(["first", "a", "b"], group.Layers);
        Assert.Equal(4, group.Count);
    }

    [Fact]
    public void LayersSayWhatGroupsKeep()
    {
        ChannelGroups groups = ChannelGroups.Of(Residual());
        bool[] kept = [true, false, true, true];
        Assert.Equal(kept, groups.FromLayers(new Dictionary<string, bool[]> { ["b"] = kept })["a"]);
        Assert.Equal(kept, groups.FromLayers(new Dictionary<string, bool[]> { ["a"] = kept, ["b"] = kept })["a"]);
    }

    [Fact]
    public void AGroupCutInHalfIsAnError()
    {
        ChannelGroups groups = ChannelGroups.Of(Residual());
        var half = new Dictionary<string, bool[]>
        {
            ["a"] = [true, true, true, true],
            ["b"] = [true, false, true, true],
        };
        Assert.Equal(
            "channel 1 of layer 'b' is pruned but channel 1 of layer 'a', which is coupled with it, is kept: "
                + "prune both or neither",
            Assert.Throws<ModelException>(() => groups.FromLayers(half)).Message
        );
        Assert.Equal(
            "3 channels given for layer 'b', which has 4",
            Message(() => groups.FromLayers(new Dictionary<string, bool[]> { ["b"] = new bool[3] }))
        );
        Assert.StartsWith(
            "no layer 'c' makes channels; there are a, b, end",
            Message(() => groups.FromLayers(new Dictionary<string, bool[]> { ["c"] = new bool[3] }))
        );
    }

    [Fact]
    public void AGroupThatIsMissingIsAnErrorThatListsThose() =>
        Assert.Equal(
            "the network has no group of channels 'nope'; there are a, end",
            Message(() => ChannelGroups.Of(Residual())["nope"])
        );

    private static string Message(Func<object> test) => Assert.Throws<ModelException>(test).Message;

    private Network Residual()
    {
        string a = Conv("a", draft.Input("x", 1, 3, 6, 6), 4);
        Conv("end", draft.Named("sum", "Add", None, Conv("b", a, 4), a), 2);
        return draft.Build("end.y");
    }

    private Network Lstm(int hidden)
    {
        draft.Weight(Random(rng, 1, 4 * hidden, 3), "W");
        draft.Weight(Random(rng, 1, 4 * hidden, hidden), "R");
        draft.Weight(Random(rng, 1, 8 * hidden), "B");
        draft.Weight(Random(rng, 1, 3 * hidden), "P");
        string x = draft.Named("turn", "Transpose", With(("perm", Ints(1, 0, 2))), draft.Input("x", 1, 6, 3));
        string[] y = draft.Many(
            "cell",
            "LSTM",
            With(("hidden_size", (long)hidden)),
            2,
            x,
            "W",
            "R",
            "B",
            "",
            "",
            "",
            "P"
        );
        string last = draft.Named("last", "Squeeze", None, y[1], draft.Longs(0));
        return draft.Build(draft.Named("fc", "MatMul", None, last, draft.Weight(Random(rng, hidden, 2), "fc.w")));
    }

    private string Conv(string name, string x, int outputs, int group = 1, bool bias = false)
    {
        string w = draft.Weight(Random(rng, outputs, draft.Shape(x)[1] / group, 1, 1), $"{name}.w");
        string[] b = bias ? [draft.Weight(Random(rng, outputs), $"{name}.b")] : [];
        return draft.Named(name, "Conv", With(("group", (long)group)), [x, w, .. b]);
    }
}
