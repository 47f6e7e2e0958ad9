using Decant.Core;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Channels;

public sealed class ConstantChannelsTests
{
    private static readonly Attributes None = Attributes.None;
    private readonly ChannelDraft draft = new();
    private readonly Rng rng = new(13);

    [Fact]
    public void AConstantNeuronGoesIntoTheNextBias()
    {
        // The middle neuron is sigmoid(0) = 1/2 whatever x is; the next layer reads it with 10 and 20.
        string a = draft.Named("a", "Gemm", None, draft.Input("x", 1, 2), Weight("a.w", [2, 3], 1, 0, 3, 4, 0, 6));
        draft.Named(
            "b",
            "Gemm",
            With(("alpha", 2f), ("beta", 0.5f)),
            draft.Named("f", "Sigmoid", None, a),
            Weight("b.w", [3, 2], 1, 2, 10, 20, 3, 4),
            Weight("b.b", [2], 6, 8)
        );
        ConstantRemoval removal = Same(draft.Build("b.y"));
        Assert.Equal([new RemovedChannels("a", 1, "constant")], removal.Removed.ToArray());
        Assert.Equal(new Shape(2, 2), removal.Network.Weights["a.w"].Encoding.Shape);
        Assert.Equal([13f, 24f], removal.Network.Weights["b.b"].Encoding.Decode().Array<float>());
    }

    [Fact]
    public void ALayerWithoutABiasGetsOne()
    {
        string a = draft.Named(
            "a",
            "Conv",
            None,
            draft.Input("x", 1, 1, 3, 3),
            Weight("a.w", [2, 1, 1, 1], 0, 1),
            Weight("a.b", [2], 3, 1)
        );
        draft.Named("b", "Conv", None, draft.Named("f", "Relu", None, a), Weight("b.w", [1, 2, 1, 2], 1, 2, 3, 4));
        ConstantRemoval removal = Same(draft.Build("b.y"));
        Assert.Equal(
            [9f],
            removal.Network.Weights[removal.Network.Nodes[^1].Inputs[2]].Encoding.Decode().Array<float>()
        );
    }

    [Fact]
    public void AProductWithoutABiasGetsASumOrUsesTheOneThatFollows()
    {
        foreach (bool follows in new[] { false, true })
        {
            var own = new ChannelDraft();
            string a = own.Named(
                "a",
                "Gemm",
                None,
                own.Input("x", 1, 1),
                own.Weight(Tensor.Of(new Shape(1, 2), new float[] { 1, 0 }), "a.w"),
                own.Weight(Tensor.Vector(1f, 2), "a.b")
            );
            string y = own.Named(
                "b",
                "MatMul",
                None,
                a,
                own.Weight(Tensor.Of(new Shape(2, 2), new float[] { 1, 2, 3, 4 }), "b.w")
            );
            if (follows)
                y = own.Named("c", "Add", None, own.Weight(Tensor.Vector(1f, 1), "c.b"), y);
            ConstantRemoval removal = Same(own.Build(y));
            Assert.Equal(["Gemm", "MatMul", "Add"], removal.Network.Nodes.Select(n => n.Operator.Type));
            if (follows)
                Assert.Equal([7f, 9f], removal.Network.Weights["c.b"].Encoding.Decode().Array<float>());
        }
    }

    [Fact]
    public void PaddingKeepsAConstantThatIsNotZero()
    {
        foreach (float bias in new[] { 3f, 0 })
        {
            var own = new ChannelDraft();
            string a = own.Named(
                "a",
                "Conv",
                None,
                own.Input("x", 1, 1, 3, 3),
                own.Weight(Tensor.Of(new Shape(2, 1, 1, 1), new float[] { 0, 1 })),
                own.Weight(Tensor.Vector(bias, 1))
            );
            own.Named(
                "b",
                "Conv",
                With(("pads", Ints(1, 1, 1, 1))),
                own.Named("f", "Relu", None, a),
                own.Weight(Random(rng, 1, 2, 3, 3))
            );
            Assert.Equal(bias == 0 ? 1 : 0, Same(own.Build("b.y")).Removed.Length);
        }
    }

    [Fact]
    public void WhatNobodyReadsGoesAndThenWhatOnlyItRead()
    {
        string a = draft.Named("a", "Conv", None, draft.Input("x", 1, 1, 3, 3), Weight("a.w", [2, 1, 1, 1], 5, 1));
        string b = draft.Named(
            "b",
            "Conv",
            None,
            draft.Named("f", "Relu", None, a),
            Weight("b.w", [2, 2, 1, 1], 7, 0, 0, 4)
        );
        draft.Named("c", "Conv", None, b, Weight("c.w", [1, 2, 1, 1], 0, 1));
        ConstantRemoval removal = Same(draft.Build("c.y"));
        Assert.Equal(
            [new RemovedChannels("b", 1, "unread"), new RemovedChannels("a", 1, "unread")],
            removal.Removed.ToArray()
        );
        Assert.Equal([1f], removal.Network.Weights["a.w"].Encoding.Decode().Array<float>());
    }

    [Fact]
    public void TheLastChannelOfALayerStays()
    {
        string a = draft.Named("a", "Conv", None, draft.Input("x", 1, 1, 3, 3), Weight("a.w", [2, 1, 1, 1], 0, 0));
        draft.Named("b", "Conv", None, a, Weight("b.w", [1, 2, 1, 1], 1, 2));
        ConstantRemoval removal = ConstantChannels.Remove(draft.Build("b.y"));
        Assert.Equal(new Shape(1, 1, 1, 1), removal.Network.Weights["a.w"].Encoding.Shape);
    }

    [Fact]
    public void ANetworkWithoutSuchChannelsIsHandedBack()
    {
        string a = draft.Named("a", "Conv", None, draft.Input("x", 1, 1, 3, 3), Weight("a.w", [2, 1, 1, 1], 1, 2));
        draft.Named("b", "Conv", None, a, Weight("b.w", [1, 2, 1, 1], 1, 2));
        Network network = draft.Build("b.y");
        Assert.Same(network, ConstantChannels.Remove(network).Network);
    }

    [Fact]
    public void AUnitOfZerosLeavesACell()
    {
        Tensor w = Random(rng, 1, 12, 2),
            r = Random(rng, 1, 12, 3),
            b = Random(rng, 1, 24);
        foreach (int gate in new[] { 1, 4, 7, 10 })
        {
            w.Span<float>().Slice(gate * 2, 2).Clear();
            r.Span<float>().Slice(gate * 3, 3).Clear();
            b.Span<float>()[gate] = b.Span<float>()[gate + 12] = 0;
        }
        string x = draft.Named("turn", "Transpose", With(("perm", Ints(1, 0, 2))), draft.Input("x", 1, 4, 2));
        string y = draft.Named(
            "cell",
            "LSTM",
            With(("hidden_size", 3L)),
            x,
            draft.Weight(w, "w"),
            draft.Weight(r),
            draft.Weight(b)
        );
        draft.Named(
            "fc",
            "MatMul",
            None,
            draft.Named("flat", "Squeeze", None, y, draft.Longs(1)),
            draft.Weight(Random(rng, 3, 2))
        );
        ConstantRemoval removal = Same(draft.Build("fc.y"));
        Assert.Equal([new RemovedChannels("cell", 1, "constant")], removal.Removed.ToArray());
        Assert.Equal(new Shape(1, 8, 2), removal.Network.Weights["w"].Encoding.Shape);
    }

    [Fact]
    public void RandomNetworksComputeTheSameWithoutThem()
    {
        var why = new List<string>();
        for (ulong seed = 0; seed < 100; seed++)
            why.AddRange(
                Same(WithZeros(RandomChannelNetwork.Of(seed), Rng.For(seed, "zeros")))
                    .Removed.Select(r => r.Why)
                    .Distinct()
            );
        Assert.True(
            why.Count(w => w == "constant") > 30 && why.Count(w => w == "unread") > 30,
            $"few networks became smaller: {string.Join(' ', why)}"
        );
    }

    /// <summary>Sets what makes, or what reads, a third of the channels to zero; biases stay.</summary>
    private static Network WithZeros(Network network, Rng rng)
    {
        var zeroed = new Dictionary<string, Encoding>();
        foreach (
            ChannelSlice slice in ChannelGroups
                .Of(network)
                .SelectMany(g => g.Channels)
                .Where(_ => rng.Next(3) == 0)
                .SelectMany(c =>
                    c.Members.Where(m => m.Role == (rng.Next(3) == 0 ? ChannelRole.Consumer : ChannelRole.Producer))
                )
        )
        {
            Encoding old = zeroed.GetValueOrDefault(slice.Weight, network.Weights[slice.Weight].Encoding);
            if (old.Shape.Rank < 2)
                continue;
            Tensor values = old.Decode().Clone();
            int extent = old.Shape[slice.Axis],
                inner = (int)old.Shape.CountFrom(slice.Axis + 1);
            for (int i = 0; i < values.Count; i++)
                if (slice.Indices.Contains(i / inner % extent))
                    values.Span<float>()[i] = 0;
            zeroed[slice.Weight] = new DenseEncoding(values);
        }
        return network.With(zeroed);
    }

    private static ConstantRemoval Same(Network network)
    {
        ConstantRemoval removal = ConstantChannels.Remove(network);
        Cut.Same(network, removal.Network);
        return removal;
    }

    private string Weight(string name, int[] dims, params float[] values) =>
        draft.Weight(Tensor.Of(new Shape(dims), values), name);
}
