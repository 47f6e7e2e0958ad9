using Decant.Core;
using Decant.Reports;
using Decant.Reproduce;
using Decant.Tests.Torch;
using Xunit;

namespace Decant.Tests.Reproduce;

[Collection("libtorch")]
public sealed class LotteryExperimentTests
{
    [TorchFact]
    public void TheShortLotteryFindsItsTicketsAgain()
    {
        IReadOnlyList<ResultRow> rows = RunTwice("lottery-ticket");
        Assert.Equal(6, rows.Count);
        Assert.InRange(Measured(rows, "dense"), 60, 100);
        Assert.InRange(Measured(rows, "6.4 % left: tickets ("), 30, 100);
        Assert.InRange(Measured(rows, "6.4 % left: random re-init ("), 20, 100);
    }

    [TorchFact]
    public void TheShortSupermaskIsFarAboveChance()
    {
        IReadOnlyList<ResultRow> rows = RunTwice("supermask");
        // Chance is 10 %; processors whose matrix products round otherwise end some points apart.
        Assert.InRange(Measured(rows, "learnt mask, signed-constant, rescaled ("), 40, 100);
        Assert.InRange(Measured(rows, "learnt mask, signed-constant, rescaled: weights kept"), 20, 80);
        Assert.InRange(Measured(rows, "learnt mask, signed-constant, rescaled: file"), 10_000, 60_000);
        Assert.InRange(Measured(rows, "mask of large final weights of the same sign"), 15, 100);
    }

    [TorchFact]
    public void TheShortAgnosticNetworkWorksWithManyValues()
    {
        IReadOnlyList<ResultRow> rows = RunTwice("weight-agnostic");
        Assert.InRange(Measured(rows, "shared weight 0.5 "), 20, 100);
        Assert.InRange(Measured(rows, "weights trained"), 40, 100);
        Assert.InRange(Measured(rows, "every connection, nothing learnt"), 0, 30);
    }

    [Fact]
    public void ATicketIsTheMaskOverItsInitialValues()
    {
        var shape = new Shape(2, 3);
        Network initial = Holding(new DenseEncoding(Tensor.Of(shape, [1f, -2, 3, -4, 5, -6])), [0.5f, 0.25f]);
        Network pruned = Holding(new SparseEncoding(shape, [1, 2, 5], [9f, 9, 9]), [7, 8]);
        Network ticket = Tickets.Rewound(pruned, initial);
        Assert.Equal([0f, -2, 3, 0, 0, -6], ticket.Weights["w"].Encoding.Decode().Array<float>());
        Assert.Equal([0.5f, 0.25f], ticket.Weights["b"].Encoding.Decode().Array<float>());
        Assert.Equal(0.5, Tickets.Left(ticket));
        // The mean is -0.5, the variance 91/6 - 1/4.
        float size = (float)Math.Sqrt(91 / 6.0 - 0.25);
        Assert.Equal(
            [size, -size, size, -size, size, -size],
            Tickets.SignedConstants(initial).Weights["w"].Encoding.Decode().Array<float>()
        );
    }

    [Fact]
    public void AMaskOfTheSameSignLeavesOutWhatChangedIt()
    {
        var shape = new Shape(1, 5);
        Network Of(params float[] values) => Holding(new DenseEncoding(Tensor.Of(shape, values)), [0, 0]);
        Network initial = Of(1, -1, 1, -1, 1),
            trained = Of(5, 4, -3, -2, 1);
        Assert.Equal([1f, -1, 1, 0, 0], Values(TrainedMasks.Masked(initial, trained, initial, 0.6, sameSign: false)));
        Assert.Equal([1f, 0, 0, -1, 1], Values(TrainedMasks.Masked(initial, trained, initial, 0.6, sameSign: true)));

        static float[] Values(Network network) => network.Weights["w"].Encoding.Decode().Array<float>();
    }

    private static IReadOnlyList<ResultRow> RunTwice(string name)
    {
        IReadOnlyList<ResultRow> rows = ShortRun.RunTwice(name, 4000);
        Assert.All(rows, r => Assert.True(r.Holds));
        return rows;
    }

    private static double Measured(IReadOnlyList<ResultRow> rows, string name) =>
        Assert.Single(rows, r => r.Name.StartsWith(name, StringComparison.Ordinal)).Measured;

    private static Network Holding(Encoding weight, float[] bias) =>
        new("", [], [], [], [new Weight("w", weight), new Weight("b", Tensor.Vector(bias))]);
}
