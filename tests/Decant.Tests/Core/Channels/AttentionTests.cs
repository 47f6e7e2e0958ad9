using System.Collections.Immutable;
using Decant.Core;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Channels;

/// <summary>Attention layers lose dimensions of their heads, or heads.</summary>
public sealed class AttentionTests
{
    private const int Width = 24,
        Heads = 4,
        Depth = 6,
        Length = 5;
    private static readonly Rng Numbers = new(3);

    [Theory]
    [InlineData(AttentionUnit.Dimension)]
    [InlineData(AttentionUnit.Head)]
    public void ThinnedComputesWhatMaskedComputes(AttentionUnit unit)
    {
        foreach (Network network in new[] { Separate("Identity"), Fused() })
            for (ulong seed = 0; seed < 5; seed++)
            {
                ChannelGroups groups = ChannelGroups.Of(network, unit);
                Dictionary<string, bool[]> kept = Cut.Random(groups, new Rng(seed), 0.4);
                Network thinned = Thinning.Keep(groups, kept);
                Cut.Same(ChannelMask.Apply(groups, kept), thinned);
            }
    }

    [Fact]
    public void GroupsCanBeThinnedOneAfterTheOther()
    {
        foreach (string first in new[] { "q", "v" })
        {
            Network thinned = Separate("Identity");
            foreach (string group in new[] { first, first == "q" ? "v" : "q" })
            {
                ChannelGroups groups = ChannelGroups.Of(thinned, AttentionUnit.Dimension);
                thinned = Thinning.Keep(groups, Cut.Without(groups, group, 0, 2));
            }
            Assert.Equal(new Shape(Width, Heads * 4), Cut.ShapeOf(thinned, "wq"));
            Assert.Equal(new Shape(Heads * 4, Width), Cut.ShapeOf(thinned, "wo"));
        }
    }

    [Fact]
    public void QueriesAndKeysShareDimensionsAndValuesHaveTheirOwn() =>
        Assert.Equal([("q", Depth), ("v", Depth)], Free(Separate("Identity"), AttentionUnit.Dimension));

    [Fact]
    public void AHeadIsQueriesKeysAndValues()
    {
        Assert.Equal([("q", Heads)], Free(Separate("Identity"), AttentionUnit.Head));
        Assert.Equal([("qkv", Heads)], Free(Fused(), AttentionUnit.Head));
        Channel head = ChannelGroups.Of(Separate("Identity"), AttentionUnit.Head)["q"].Channels[1];
        Assert.All(head.Members, m => Assert.Equal(Enumerable.Range(Depth, Depth), m.Indices.AsEnumerable()));
        Assert.Equal(["wo"], head.Members.Where(m => m.Role == ChannelRole.Consumer).Select(m => m.Weight).Distinct());
    }

    [Fact]
    public void HeadsAreCountedInReshapes()
    {
        Network network = Separate("Identity");
        ChannelGroups groups = ChannelGroups.Of(network, AttentionUnit.Head);
        Network thinned = Thinning.Keep(groups, Cut.Without(groups, "q", 0, 2));
        Assert.Equal(new Shape(Width, 2 * Depth), Cut.ShapeOf(thinned, "wq"));
        Assert.Equal(new Shape(2 * Depth, Width), Cut.ShapeOf(thinned, "wo"));
    }

    [Fact]
    public void WhatIsNotZeroWhereItIsMaskedIsNotPruned()
    {
        ChannelGroup queries = ChannelGroups.Of(Separate("Sigmoid"))["q"];
        Assert.Contains("scores", queries.FixedBy, StringComparison.Ordinal);
        Assert.Equal([("q", Depth), ("v", Depth)], Free(Separate("Tanh"), AttentionUnit.Dimension));
    }

    private static IEnumerable<(string, int)> Free(Network network, AttentionUnit unit) =>
        ChannelGroups.Of(network, unit).Where(g => !g.IsFixed).Select(g => (g.Name, g.Count));

    /// <summary>Queries, keys and values of a weight each; a function of queries and keys before they meet.</summary>
    internal static Network Separate(string function)
    {
        var draft = new ChannelDraft();
        string x = draft.Input("x", 1, Length, Width);
        string q = Projected(draft, x, "q", Heads * Depth),
            k = Projected(draft, x, "k", Heads * Depth),
            v = Projected(draft, x, "v", Heads * Depth);
        return Attended(
            draft,
            draft.Named("fq", function, Attributes.None, Split(draft, q, 0, 2, 1, 3)),
            draft.Named("fk", function, Attributes.None, Split(draft, k, 0, 2, 3, 1)),
            Split(draft, v, 0, 2, 1, 3)
        );
    }

    /// <summary>One weight makes queries, keys and values.</summary>
    private static Network Fused()
    {
        var draft = new ChannelDraft();
        string made = Projected(draft, draft.Input("x", 1, Length, Width), "qkv", 3 * Heads * Depth);
        string parts = draft.Add(
            "Transpose",
            new Attributes(("perm", Longs(2, 0, 3, 1, 4))),
            draft.Add("Reshape", Attributes.None, made, draft.Longs(0, Length, 3, Heads, Depth))
        );
        string[] qkv = draft.Many("split", "Split", new Attributes(("axis", 0L), ("num_outputs", 3L)), 3, parts);
        string[] each = [.. qkv.Select(p => draft.Add("Squeeze", Attributes.None, p, draft.Longs(0)))];
        string keys = draft.Add("Transpose", new Attributes(("perm", Longs(0, 1, 3, 2))), each[1]);
        return Attended(draft, each[0], keys, each[2]);
    }

    private static Network Attended(ChannelDraft draft, string q, string k, string v)
    {
        string scores = draft.Named("scores", "MatMul", Attributes.None, q, k);
        string scaled = draft.Add("Div", Attributes.None, scores, draft.Weight(Tensor.Scalar(2.5f)));
        string masked = draft.Add("Add", Attributes.None, scaled, draft.Weight(Random(Numbers, 1, 1, Length, Length)));
        string attended = draft.Add(
            "MatMul",
            Attributes.None,
            draft.Add("Softmax", new Attributes(("axis", -1L)), masked),
            v
        );
        string joined = draft.Add(
            "Reshape",
            Attributes.None,
            draft.Add("Transpose", new Attributes(("perm", Longs(0, 2, 1, 3))), attended),
            draft.Longs(0, Length, Heads * Depth)
        );
        return draft.Build(Projected(draft, joined, "o", Width));
    }

    private static string Projected(ChannelDraft draft, string x, string name, int outputs) =>
        draft.Add(
            "Add",
            Attributes.None,
            draft.Named(
                name,
                "MatMul",
                Attributes.None,
                x,
                draft.Weight(Random(Numbers, draft.Shape(x)[2], outputs), $"w{name}")
            ),
            draft.Weight(Random(Numbers, outputs), $"b{name}")
        );

    private static string Split(ChannelDraft draft, string x, params long[] order) =>
        draft.Add(
            "Transpose",
            new Attributes(("perm", Longs(order))),
            draft.Add("Reshape", Attributes.None, x, draft.Longs(0, Length, Heads, Depth))
        );

    private static ImmutableArray<long> Longs(params long[] values) => [.. values];
}
