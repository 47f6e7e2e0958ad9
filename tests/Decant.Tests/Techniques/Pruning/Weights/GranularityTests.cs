using Decant.Core;
using Decant.Core.Operators;
using Decant.Techniques;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Techniques.Pruning.Weights;

public sealed class GranularityTests
{
    [Property(MaxTest = 100)]
    public void TheBlocksOfLargestSumStayWhole(ulong seed)
    {
        var rng = new Rng(seed);
        int rows = 1 + rng.Next(9),
            columns = 1 + rng.Next(9),
            high = 1 + rng.Next(4),
            wide = 1 + rng.Next(4);
        float[] values = [.. Enumerable.Range(0, rows * columns).Select(_ => 1f + rng.Next(1000))];
        var blocks = Enumerable
            .Range(0, values.Length)
            .GroupBy(i => (i / columns / high, i % columns / wide))
            .OrderBy(b => b.Key)
            .ToArray();
        int kept = (int)Math.Round(blocks.Length * 0.5);
        if (kept == 0)
            return;
        var stays = blocks
            .OrderByDescending(b => b.Sum(i => (double)values[i]))
            .Take(kept)
            .SelectMany(b => b)
            .ToHashSet();
        Encoding pruned = Prune(
            new DenseEncoding(Tensor.Of(new Core.Shape(rows, columns), values)),
            ("granularity", "block"),
            ("block", $"{high}x{wide}"),
            ("level", "0.5")
        );
        Assert.Equal(values.Select((v, i) => stays.Contains(i) ? v : 0), pruned.Values());
    }

    [Theory]
    [InlineData("row", "1,2,3,0,0,0")]
    [InlineData("column", "0,0,3,0,0,4")]
    public void RowsAreNeuronsAndColumnsInputs(string granularity, string expected)
    {
        // Rows sum to 6 and 5.5, columns to 1.5, 3 and 7.
        Encoding weight = new DenseEncoding(Tensor.Of(new Core.Shape(2, 3), [1f, 2, 3, 0.5f, 1, 4]));
        Assert.Equal(
            expected,
            string.Join(
                ',',
                Prune(weight, ("granularity", granularity), ("level", granularity == "row" ? "0.5" : "0.67")).Values()
            )
        );
    }

    [Fact]
    public void ARowOfAWeightThatIsStoredTheOtherWayRoundIsANeuronToo()
    {
        Network network = new(
            "n",
            [new ValueInfo("x", new TensorType(ElementType.Float32, new Core.Shape(1, 3)))],
            [new ValueInfo("y", new TensorType(ElementType.Float32, new Core.Shape(1, 2)))],
            [new Node("mul", new MatMul(Attributes.None), ["x", "w"], ["y"])],
            [new Weight("w", Tensor.Of(new Core.Shape(3, 2), [1f, 9, 2, 9, 3, 9]))]
        );
        Network pruned = Options
            .Make("weight-pruning", ("granularity", "row"), ("level", "0.5"))
            .Plan(new TechniqueContext(network, network.Weights))
            .Single()
            .Apply(network);
        Assert.Equal([0f, 9, 0, 9, 0, 9], pruned.Weights["w"].Encoding.Values());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void ARowOfATransposedConvolutionIsAFilter(int groups)
    {
        // 4 inputs, 3 filters a group, 2×1 places: w[input, filter, place].
        var rng = new Rng(3);
        int filters = 3 * groups;
        var values = new float[4 * 3 * 2];
        var small = new HashSet<int> { 1, filters - 1 };
        for (int i = 0; i < values.Length; i++)
            values[i] = small.Contains(Filter(i)) ? (float)rng.NextDouble(0.01, 0.02) : (float)rng.NextDouble(1, 2);
        Network network = Of(
            new ConvTranspose(new Attributes(("group", (long)groups))),
            new Core.Shape(1, 4, 5, 5),
            Tensor.Of(new Core.Shape(4, 3, 2, 1), values)
        );
        string level = groups == 1 ? "0.67" : "0.34";
        Assert.Equal(
            values.Select((v, i) => small.Contains(Filter(i)) ? 0 : v),
            Pruned(network, "row", level).Weights["w"].Encoding.Values()
        );

        int Filter(int place) => place / 6 / (4 / groups) * 3 + place / 2 % 3;
    }

    [Fact]
    public void AKernelOfATransposedConvolutionIsItsTaps()
    {
        float[] values = [1, 1, 5, 0, 3, 3, 0.5f, 4];
        Network network = Of(
            new ConvTranspose(Attributes.None),
            new Core.Shape(1, 2, 5, 5),
            Tensor.Of(new Core.Shape(2, 2, 1, 2), values)
        );
        Assert.Equal([0f, 0, 5, 0, 3, 3, 0, 0], Pruned(network, "kernel", "0.5").Weights["w"].Encoding.Values());
    }

    [Fact]
    public void ARowOfARecurrentLayerIsAUnitOfAGate()
    {
        // Both directions, 4 gates of 2 units, 3 inputs: rows of W lie along its first two axes.
        float[] values = [.. Enumerable.Range(0, 2 * 8 * 3).Select(i => i / 3 % 2 == 1 ? 0.1f : 1 + i)];
        var network = new Network(
            "",
            [new ValueInfo("x", new TensorType(ElementType.Float32, new Core.Shape(5, 1, 3)))],
            [new ValueInfo("y", new TensorType(ElementType.Float32, null))],
            [
                new Node(
                    "lstm",
                    new LSTM(new Attributes(("hidden_size", 2L), ("direction", "bidirectional"))),
                    ["x", "w", "r"],
                    ["y"]
                ),
            ],
            [
                new Weight("w", Tensor.Of(new Core.Shape(2, 8, 3), values)),
                new Weight("r", Tensor.Of(new Core.Shape(2, 8, 2), new float[32])),
            ]
        );
        Assert.Equal(
            values.Select((v, i) => i / 3 % 2 == 1 ? 0 : v),
            Pruned(network, "row", "0.5").Weights["w"].Encoding.Values()
        );
    }

    private static Network Of(Operator layer, Core.Shape input, Tensor weight) =>
        new(
            "",
            [new ValueInfo("x", new TensorType(ElementType.Float32, input))],
            [new ValueInfo("y", new TensorType(ElementType.Float32, null))],
            [new Node("layer", layer, ["x", "w"], ["y"])],
            [new Weight("w", weight)]
        );

    private static Network Pruned(Network network, string granularity, string level) =>
        Options
            .Make("weight-pruning", ("granularity", granularity), ("level", level))
            .Plan(new TechniqueContext(network, [network.Weights["w"]]))
            .Single()
            .Apply(network);

    [Fact]
    public void AKernelIsTheTapsOfAFilterOnAChannel()
    {
        Encoding weight = new DenseEncoding(Tensor.Of(new Core.Shape(2, 2, 1, 2), [1f, 1, 5, 0, 3, 3, 0.5f, 4]));
        Assert.Equal([0f, 0, 5, 0, 3, 3, 0, 0], Prune(weight, ("granularity", "kernel"), ("level", "0.5")).Values());
    }

    [Property(MaxTest = 100)]
    public void OfEveryFourTheTwoLargestStay(ulong seed)
    {
        var rng = new Rng(seed);
        int rows = 1 + rng.Next(4),
            columns = 1 + rng.Next(11);
        float[] values = [.. Enumerable.Range(0, rows * columns).Select(_ => rng.Next(9) - 4f)];
        var pruned = (SparseEncoding)Prune(
            new DenseEncoding(Tensor.Of(new Core.Shape(rows, columns), values)),
            ("granularity", "2:4")
        );
        var expected = Enumerable
            .Range(0, values.Length)
            .GroupBy(i => (i / columns, i % columns / 4))
            .SelectMany(g => g.OrderByDescending(i => Math.Abs(values[i])).ThenBy(i => i).Take(2))
            .Order();
        Assert.Equal(expected, pruned.Positions.ToArray());
    }

    [Fact]
    public void ABlockThatWasPrunedStaysPruned()
    {
        Encoding once = Prune(
            Options.Dense(5, 6, 1, 1, 2, 2, 3, 3),
            ("granularity", "block"),
            ("block", "2x1"),
            ("level", "0.5")
        );
        Assert.Equal([5f, 6, 0, 0, 0, 0, 3, 3], once.Values());
        Assert.Equal(once.Values(), Prune(once, ("granularity", "block"), ("block", "2x1"), ("level", "0.1")).Values());
    }

    [Theory]
    [InlineData("granularity", "cell", "must be one of weight, block, row, column, kernel, n:m, as in 2:4")]
    [InlineData("granularity", "Row", "must be one of weight")]
    [InlineData("granularity", "n:m", "must be one of weight")]
    [InlineData("granularity", "4:4", "must keep fewer than all")]
    [InlineData("granularity", "0:4", "must be one of")]
    [InlineData("block", "4", "'block: 4' must be rows x columns such as 1x4")]
    [InlineData("block", "0x4", "must be rows x columns")]
    [InlineData("at-most", "0", "must be a number from 0.001 to 1")]
    [InlineData("normalize", "layer-l2", "goes with 'scope: global'")]
    public void WhatIsNotUnderstoodIsRefused(string option, string value, string words)
    {
        (string, string)[] options =
        [
            ("level", "0.5"),
            (option, value),
            .. option == "block" ? [("granularity", "block")] : Array.Empty<(string, string)>(),
        ];
        Assert.Contains(words, Assert.Throws<OptionsException>(() => Options.Make("weight-pruning", options)).Message);
    }

    [Theory]
    [InlineData("level", "0.5")]
    [InlineData("scope", "global")]
    public void NOfMTakesNoAmount(string option, string value) =>
        Assert.Contains(
            $"'{option}' has no meaning where 2 of every 4 weights stay",
            Assert
                .Throws<OptionsException>(() => Options.Make("weight-pruning", ("granularity", "2:4"), (option, value)))
                .Message
        );

    private static Encoding Prune(Encoding weight, params (string, string)[] options) =>
        Options.Make("weight-pruning", options).Apply(weight);
}
