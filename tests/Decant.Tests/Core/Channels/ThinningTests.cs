using System.Collections.Immutable;
using Decant.Core;
using Decant.Core.Channels;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Channels;

public sealed class ThinningTests
{
    private static readonly Attributes None = Attributes.None;
    private readonly ChannelDraft draft = new();
    private readonly Rng rng = new(12);

    [Fact]
    public void AHandComputedProductLosesANeuron()
    {
        // y = relu(x·[1 2 3])·[1; 10; 100]: without the middle neuron, x·(1 + 300).
        string hidden = draft.Named(
            "relu",
            "Relu",
            None,
            draft.Named("a", "MatMul", None, draft.Input("x", 1, 1), Weight("a.w", [1, 3], 1, 2, 3))
        );
        draft.Named("b", "MatMul", None, hidden, Weight("b.w", [3, 1], 1, 10, 100));
        Network thinned = Thinning.Keep(
            draft.Build("b.y"),
            new Dictionary<string, bool[]> { ["a"] = [true, false, true] }
        );
        Assert.Equal([1, 3], thinned.Weights["a.w"].Encoding.Decode().Array<float>());
        Assert.Equal([1, 100], thinned.Weights["b.w"].Encoding.Decode().Array<float>());
        using var executor = new Decant.Runtime.ReferenceExecutor(thinned);
        Assert.Equal([602], executor.Run([Tensor.Of(new Shape(1, 1), new float[] { 2 })])[0].Array<float>());
    }

    [Fact]
    public void WhatLayersNameIsAdjusted()
    {
        string a = Conv("a", draft.Input("x", 1, 3, 6, 6), 6);
        string[] parts = draft.Many("split", "Split", With(("axis", 1L)), 2, a, draft.Longs(2, 4));
        string deep = Conv("deep", parts[1], 4, group: 4);
        string joined = draft.Named("cat", "Concat", With(("axis", 1L)), deep, parts[0]);
        string flat = draft.Named("flat", "Reshape", None, joined, draft.Longs(0, 216));
        draft.Named("fc", "Gemm", None, flat, draft.Weight(Random(rng, 216, 2), "fc.w"));
        Network network = draft.Build("fc.y");
        Network thinned = Cut.Same(network, Cut.Without(ChannelGroups.Of(network), "a", 1, 2, 5));
        Assert.Equal(new Shape(3, 3, 1, 1), Cut.ShapeOf(thinned, "a.w"));
        Assert.Equal(new Shape(2, 1, 1, 1), Cut.ShapeOf(thinned, "deep.w"));
        Assert.Equal(new Shape(108, 2), Cut.ShapeOf(thinned, "fc.w"));
        Assert.Equal(2, thinned.Nodes.Single(n => n.Name == "deep").Operator.Attributes.Int("group"));
        Assert.Equal([1, 2], Integers(thinned, "split", 1));
        Assert.Equal([0, 108], Integers(thinned, "flat", 1));
    }

    [Fact]
    public void AShortcutThatPadsPadsLess()
    {
        string a = Conv("a", draft.Input("x", 1, 3, 6, 6), 4);
        string half = draft.Named(
            "half",
            "Slice",
            None,
            a,
            draft.Longs(0, 0),
            draft.Longs(int.MaxValue, int.MaxValue),
            draft.Longs(2, 3),
            draft.Longs(2, 2)
        );
        string pad = draft.Named("pad", "Pad", None, half, draft.Longs(0, 2, 0, 0, 0, 2, 0, 0));
        string b = Conv("b", a, 8, strides: 2);
        Conv("end", draft.Named("sum", "Add", None, b, pad), 2);
        Network network = draft.Build("end.y");
        // Channels 4 to 7 of the group are 0, 1, 6 and 7 of b.
        Network thinned = Cut.Same(network, Cut.Without(ChannelGroups.Of(network), "a", 1, 4, 6, 7));
        Assert.Equal([0, 1, 0, 0, 0, 0, 0, 0], Integers(thinned, "pad", 1));
        Assert.Equal(new Shape(3, 3, 1, 1), Cut.ShapeOf(thinned, "a.w"));
        Assert.Equal(new Shape(4, 3, 1, 1), Cut.ShapeOf(thinned, "b.w"));
    }

    [Fact]
    public void ASliceWithStepsBecomesAGatherWhereStepsAreNoLongerEven()
    {
        string a = Conv("a", draft.Input("x", 1, 3, 4, 4), 8);
        string odd = draft.Named(
            "odd",
            "Slice",
            None,
            a,
            draft.Longs(7),
            draft.Longs(-100),
            draft.Longs(1),
            draft.Longs(-2)
        );
        Conv("end", odd, 2);
        Network network = draft.Build("end.y");
        Network thinned = Cut.Same(network, Cut.Without(ChannelGroups.Of(network), "a", 2, 3, 4));
        Assert.Equal(["Conv", "Slice", "Gather", "Conv"], thinned.Nodes.Select(n => n.Operator.Type));
        Assert.Equal([4, 2, 1], Integers(thinned, "odd.gather1", 1));
    }

    [Fact]
    public void ASqueezeOfAllThatIsOneKeepsAChannelThatIsLeftAlone()
    {
        draft.Input("x", 2, 3, 4, 4);
        string a = draft.Named("pool", "GlobalAveragePool", None, Conv("a", "x", 3));
        draft.Named("fc", "MatMul", None, draft.Named("squeeze", "Squeeze", None, a), draft.Weight(Random(rng, 3, 2)));
        Network open = draft.Build("fc.y");
        var network = new Network(
            "",
            [new ValueInfo("x", new TensorType(ElementType.Float32, new Shape(2, 3, 4, 4)))],
            open.Outputs,
            open.Nodes,
            open.Weights
        );
        Network thinned = Cut.Same(network, Cut.Without(ChannelGroups.Of(network), "a", 0, 2));
        Assert.Equal([2, 3], Integers(thinned, "squeeze", 1));
    }

    [Fact]
    public void RecurrentUnitsAreCutFromEveryGateAndDirection()
    {
        const int hidden = 5;
        string x = draft.Named("turn", "Transpose", With(("perm", Ints(1, 0, 2))), draft.Input("x", 1, 6, 3));
        string y = draft.Named(
            "cell",
            "LSTM",
            With(("hidden_size", (long)hidden), ("direction", "bidirectional")),
            x,
            draft.Weight(Random(rng, 2, 4 * hidden, 3), "W"),
            draft.Weight(Random(rng, 2, 4 * hidden, hidden), "R"),
            draft.Weight(Random(rng, 2, 8 * hidden), "B")
        );
        string sides = draft.Named(
            "flat",
            "Reshape",
            None,
            draft.Named("sides", "Transpose", With(("perm", Ints(0, 2, 1, 3))), y),
            draft.Longs(0, 0, 2 * hidden)
        );
        draft.Named("fc", "MatMul", None, sides, draft.Weight(Random(rng, 2 * hidden, 2), "fc.w"));
        Network network = draft.Build("fc.y");
        Network thinned = Cut.Same(network, Cut.Without(ChannelGroups.Of(network), "cell", 0, 3));
        Assert.Equal(
            [new Shape(2, 12, 3), new Shape(2, 12, 3), new Shape(2, 24), new Shape(6, 2)],
            new[] { "W", "R", "B", "fc.w" }.Select(w => Cut.ShapeOf(thinned, w))
        );
        Assert.Equal(3, thinned.Nodes.Single(n => n.Name == "cell").Operator.Attributes.Int("hidden_size"));
        Assert.Equal([0, 0, 6], Integers(thinned, "flat", 1));
    }

    [Fact]
    public void EncodingsStayWhatTheyAre()
    {
        Encoding[] kinds =
        [
            new SparseEncoding(new Shape(4, 3), [0, 4, 5, 11], [1, 2, 0, 3]),
            new CodebookEncoding(new Shape(4, 3), [0, 1, 2], [0, 1, 2, 1, 0, 2, 2, 1, 0, 1, 1, 2], zeroApart: true),
            new LinearEncoding(
                new Shape(4, 3),
                4,
                [.. Enumerable.Range(-6, 12).Select(i => (sbyte)i)],
                [1, 2, 3, 4],
                [1, 0, -1, 2],
                axis: 0
            ),
            new LinearEncoding(
                new Shape(4, 3),
                16,
                [.. Enumerable.Range(-6, 12).Select(i => (short)(i * 999))],
                [1, 2, 3],
                [],
                axis: 1
            ),
            new TernaryEncoding(new Shape(4, 3), [1, 0, -1, 1, 1, 0, -1, -1, 1, 0, 0, 1], [1, 2, 3, 4], [5, 6, 7, 8]),
            new BinaryEncoding(new Shape(4, 3), [0b1010_0110, 0b0101], [1, 2, 3, 4]),
            new DenseEncoding(Random(rng, 4, 3)),
        ];
        foreach (Encoding encoding in kinds)
        {
            Encoding taken = WeightSlices.Take(
                encoding,
                [
                    [0, 1, 3],
                    [0, 2],
                ]
            );
            float[] all = encoding.Decode().Array<float>();
            Assert.Equal((encoding.Kind, encoding.Bits, new Shape(3, 2)), (taken.Kind, taken.Bits, taken.Shape));
            Assert.Equal([all[0], all[2], all[3], all[5], all[9], all[11]], taken.Decode().Array<float>());
        }
        // A position whose number happens to be zero stays in the mask.
        Assert.Equal(
            [0, 3, 5],
            (
                (SparseEncoding)
                    WeightSlices.Take(
                        kinds[0],
                        [
                            [0, 1, 3],
                            [0, 2],
                        ]
                    )
            ).Positions.ToArray()
        );
    }

    [Fact]
    public void MaskedEncodingsStayWhatTheyAreIfTheyHaveAZero()
    {
        bool[] zero = [.. Enumerable.Range(0, 6).Select(i => i % 2 == 0)];
        var shape = new Shape(2, 3);
        (Encoding, string)[] kinds =
        [
            (new SparseEncoding(shape, [0, 3, 4], [1, 2, 3]), "sparse"),
            (new CodebookEncoding(shape, [3, 1, 2], [0, 1, 2, 1, 0, 2], zeroApart: false), "codebook"),
            (new CodebookEncoding(shape, [.. Enumerable.Range(1, 256)], [0, 1, 2, 1, 0, 2], zeroApart: false), "dense"),
            (new LinearEncoding(shape, 4, [1, 2, 3, 4, 5, 6], [1, 2], [3, -3], axis: 0), "linear"),
            (new TernaryEncoding(shape, [1, 0, -1, 1, 1, 0], [1], [5]), "ternary"),
            (new BinaryEncoding(shape, [0b10_1010], [2]), "dense"),
        ];
        foreach (var (encoding, kind) in kinds)
        {
            Encoding masked = WeightZeros.Set(encoding, zero);
            Assert.Equal(kind, masked.Kind);
            Assert.Equal(
                encoding.Decode().Array<float>().Select((v, i) => zero[i] ? 0 : v),
                masked.Decode().Array<float>()
            );
        }
    }

    [Fact]
    public void WhatCannotBeCutIsAnErrorThatNamesTheLayerAndTheWayOut()
    {
        string a = Conv("a", draft.Input("x", 1, 3, 6, 6), 4);
        string pad = draft.Named("pad", "Pad", None, a, draft.Longs(0, 0, 0, 0, 0, 2, 0, 0));
        Conv("end", draft.Named("sum", "Add", None, Conv("b", a, 6), pad), 2);
        Network network = draft.Build("end.y");
        string Message(string group, params bool[] kept) =>
            Assert
                .Throws<ModelException>(() => Thinning.Keep(network, new Dictionary<string, bool[]> { [group] = kept }))
                .Message;
        Assert.Equal(
            "all of group 'a' of 6 channels would be pruned, which leaves layers 'a', 'b' without channels: keep at "
                + "least one channel",
            Message("a", new bool[6])
        );
        Assert.Equal(
            "all 4 channels of node 'a' (Conv) would be pruned, which leaves the layer without channels: "
                + "keep at least one",
            Message("a", false, false, false, false, true, true)
        );
        Assert.Equal(
            "group 'end' of 2 channels cannot be pruned because of output 'end.y': keep all of it",
            Message("end", true, false)
        );
        Assert.Equal("2 channels given for group 'a' of 6 channels", Message("a", true, false));
        Assert.StartsWith("the network has no group of channels 'q'", Message("q", true));
        Assert.Same(network, Thinning.Keep(network, new Dictionary<string, bool[]> { ["end"] = [true, true] }));
    }

    private static long[] Integers(Network network, string node, int input) =>
        network.Weights[network.Nodes.Single(n => n.Name == node).Inputs[input]].Encoding.Decode().Array<long>();

    private string Weight(string name, int[] dims, params float[] values) =>
        draft.Weight(Tensor.Of(new Shape(dims), values), name);

    private string Conv(string name, string x, int outputs, int group = 1, int strides = 1)
    {
        string w = draft.Weight(Random(rng, outputs, draft.Shape(x)[1] / group, 1, 1), $"{name}.w");
        return draft.Named(
            name,
            "Conv",
            With(("group", (long)group), ("strides", ImmutableArray.Create((long)strides, strides))),
            x,
            w
        );
    }
}
