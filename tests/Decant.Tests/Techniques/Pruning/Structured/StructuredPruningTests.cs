using System.Globalization;
using Decant.Core;
using Decant.Runtime;
using Decant.Techniques;
using Decant.Tests.Benchmarking;
using FsCheck;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Techniques.Pruning;

public sealed class StructuredPruningTests
{
    [Property(MaxTest = 20)]
    public void ALevelCutsEveryLayerByItsShareAndTheLeastFiltersGo(ulong seed)
    {
        var rng = new Rng(seed);
        int inner = 2 + rng.Next(7);
        double level = rng.NextDouble() * 0.7;
        Network network = ResidualNetwork.Of(seed, inner, 4 + 2 * rng.Next(3));
        Network thinned = Make(("level", Text(level)), ("least", "1")).Apply(network.On());
        int kept = Math.Max(1, (int)Math.Round(inner * (1 - level)));
        float[] filters = network.Weights["s0.1.conv1.weight"].Encoding.Values();
        int size = filters.Length / inner;
        int[] left =
        [
            .. Enumerable
                .Range(0, inner)
                .OrderByDescending(f => filters.Skip(f * size).Take(size).Sum(w => Math.Abs((double)w)))
                .Take(kept)
                .Order(),
        ];
        Assert.Equal(
            left.Select(f => network.Weights["s0.1.conv1.bias"].Encoding.Values()[f]),
            thinned.Weights["s0.1.conv1.bias"].Encoding.Values()
        );
        Assert.Equal(kept, thinned.Extent("s0.1.conv2.weight", 1));
        Assert.Equal((int)Math.Round(network.Extent("stem.weight") * (1 - level)), thinned.Extent("stem.weight"));
        Assert.Equal(thinned.Extent("stem.weight"), thinned.Extent("fc.weight", 1));
        Runs(thinned);
    }

    [Property(MaxTest = 12)]
    public void ABudgetOfMacsIsMetByTheFirstCutOfTheRankingThatReachesIt(ulong seed)
    {
        var rng = new Rng(seed);
        Network network = ResidualNetwork.Of(seed, 3 + rng.Next(4), 4, 8);
        double share = rng.NextDouble(0.2, 0.95);
        Network thinned = Make(("macs", Text(share))).Apply(network.On());
        Network expected = ByOneAtATime(network, (long)Math.Round(network.Macs() * share));
        Assert.Equal(
            expected.Weights.Select(w => $"{w.Name} {w.Encoding.Shape}"),
            thinned.Weights.Select(w => $"{w.Name} {w.Encoding.Shape}")
        );
        Assert.True(thinned.Macs() <= Math.Round(network.Macs() * share));
        Runs(thinned);
    }

    [Fact]
    public void AWideningStreamKeepsTheShareOfEachWidth()
    {
        Network network = ResidualNetwork.Of(1, 5, 4, 8, 16);
        Network thinned = Make(("level", "0.5")).Apply(network.On());
        Assert.Equal(
            [2, 4, 8],
            new[] { "stem", "s1.0.conv2", "s2.0.conv2" }.Select(l => thinned.Extent($"{l}.weight"))
        );
        Runs(thinned);
    }

    [Theory]
    [InlineData("geometric")]
    [InlineData("linear")]
    [InlineData("cubic")]
    public void RoundsReachTheBudgetOfWhatTheRunBeganWith(string ramp)
    {
        Network network = ResidualNetwork.Of(2, 12, 16);
        Network level = Make(("level", "0.5"), ("ramp", ramp)).Rounds(network, 3),
            macs = Make(("macs", "0.4"), ("ramp", ramp)).Rounds(network, 3);
        Assert.Equal(6, level.Extent("s0.1.conv1.weight"));
        Assert.Equal(8, level.Extent("stem.weight"));
        Assert.InRange(macs.Macs(), 0.3 * network.Macs(), 0.4 * network.Macs());
        Assert.Empty(Make(("level", "0.5")).Plan(level.On(network)));
        Assert.InRange(
            Make(("level", "0.5"), ("ramp", "linear")).Apply(network.On(rounds: 5)).Extent("s0.1.conv1.weight"),
            11,
            11
        );
    }

    [Theory]
    [InlineData("level", "0.6")]
    [InlineData("macs", "0.3")]
    [InlineData("parameters", "0.3")]
    public void NoRoundTakesMoreThanItMayAndTheRoundsThatWouldDoAreSaid(string budget, string value)
    {
        Network network = ResidualNetwork.Of(3, 10, 8);
        Technique careful = Make((budget, value), ("at-most", "0.2"));
        var e = Assert.Throws<ModelException>(() => careful.Rounds(network, 2));
        int rounds = int.Parse(
            System.Text.RegularExpressions.Regex.Match(e.Message, "; ([0-9]+) rounds would do").Groups[1].Value,
            CultureInfo.InvariantCulture
        );
        Assert.Throws<ModelException>(() => careful.Plan(network.On(rounds: rounds - 1)));
        Network now = network;
        for (int round = 1; round <= rounds; round++)
        {
            Network next = careful.Apply(now.On(network, round, rounds));
            foreach (string weight in new[] { "stem.weight", "s0.1.conv1.weight" })
                Assert.True(next.Extent(weight) >= Math.Min(now.Extent(weight) - 1, now.Extent(weight) * 0.8));
            now = next;
        }
    }

    [Fact]
    public void CountsAreMultiplesAndNotBelowTheLeast()
    {
        Network network = ResidualNetwork.Of(4, 12, 16);
        Assert.Equal(8, Make(("level", "0.45"), ("multiple", "4")).Apply(network.On()).Extent("s0.1.conv1.weight"));
        Network few = Make(("macs", "0.2"), ("multiple", "4")).Apply(network.On());
        Assert.All(few.Weights.Where(w => w.Name.Contains("conv") && w.Encoding.Shape.Rank == 4), w =>
            Assert.Equal(0, w.Encoding.Shape[0] % 4)
        );
        Assert.Equal(7, Make(("level", "0.9"), ("least", "7")).Apply(network.On()).Extent("s0.1.conv1.weight"));
        long least = Make(("level", "0.9"), ("least", "10")).Apply(network.On()).Macs();
        Assert.Contains(
            $"{100.0 * least / network.Macs():0.##} % remains",
            Refused(("macs", "0.05"), ("least", "10")).Message
        );
    }

    [Fact]
    public void ScopeGroupTakesTheSameShareOfAllForABudget()
    {
        Network thinned = Make(("macs", "0.3"), ("scope", "group")).Apply(ResidualNetwork.Of(5, 20, 20).On());
        Assert.InRange(thinned.Extent("stem.weight") - thinned.Extent("s0.1.conv1.weight"), -1, 1);
    }

    [Fact]
    public void NormalizedScoresDoNotKnowTheScaleOfALayer()
    {
        Network network = ResidualNetwork.Of(6, 10, 10);
        float[] small = [.. network.Weights["s0.1.conv1.weight"].Encoding.Values().Select(w => w * 1e-3f)];
        Network scaled = network.With(
            new Dictionary<string, Encoding>
            {
                ["s0.1.conv1.weight"] = new DenseEncoding(
                    Tensor.Of(network.Weights["s0.1.conv1.weight"].Encoding.Shape, small)
                ),
            }
        );
        int Left(Network of, string normalize) =>
            Make(("level", "0.4"), ("scope", "global"), ("normalize", normalize))
                .Apply(of.On())
                .Extent("s0.1.conv1.weight");
        Assert.Equal(Left(network, "group"), Left(scaled, "group"));
        Assert.Equal(2, Left(scaled, "none"));
    }

    [Fact]
    public void TheSelectedWeightsAreCutAndNoOthers()
    {
        Network network = ResidualNetwork.Of(7, 8, 8);
        Network thinned = Make(("level", "0.5")).Apply(network.On(weights: "s0.1.conv1.weight"));
        Assert.Equal(4, thinned.Extent("s0.1.conv1.weight"));
        Assert.Equal(8, thinned.Extent("stem.weight"));
    }

    [Fact]
    public void WhatAPatternWouldCutInHalfIsRefusedWithAWayOut()
    {
        Network network = ResidualNetwork.Of(8, 5, 6);
        var e = Assert.Throws<ModelException>(() => Make(("level", "0.5")).Plan(network.On(weights: "stem.weight")));
        Assert.Contains("prune only a part of group 'stem'", e.Message);
        Assert.Contains("'s0.1.conv2.weight' not", e.Message);
        Assert.Equal(
            3,
            Make(("level", "0.5"))
                .Apply(network.On(weights: ["stem.weight", "s0.1.conv2.weight"]))
                .Extent("stem.weight")
        );
    }

    [Fact]
    public void AFixedGroupIsAnErrorOnlyWhereItIsNamed()
    {
        Network network = ResidualNetwork.Of(9, 5, 6);
        Assert.Contains(
            "'fc.weight'",
            Assert.Throws<ModelException>(() => Make(("level", "0.5")).Plan(network.On(weights: "fc.weight"))).Message
        );
        Assert.Equal(4, Make(("level", "0.5")).Apply(network.On()).Extent("fc.weight"));
        Assert.Contains(
            "fixed",
            Assert.Throws<ModelException>(() => Make(("level", "0.5")).Plan(OneLayer().On())).Message
        );
    }

    [Fact]
    public void PruningToNothingAndImpossibleBudgetsAreRefused()
    {
        Network network = ResidualNetwork.Of(10, 5, 6);
        var e = Assert.Throws<ModelException>(() => Make(("level", "0.95")).Plan(network.On()));
        Assert.Contains("pruned to nothing", e.Message);
        Assert.Contains("'least: 1'", e.Message);
        Assert.Equal(1, Make(("level", "0.95"), ("least", "1")).Apply(network.On()).Extent("stem.weight"));
        Assert.Contains(
            "% remains",
            Assert.Throws<ModelException>(() => Make(("macs", "0.001")).Plan(network.On())).Message
        );
    }

    [Theory]
    [InlineData("exactly one of 'level'")]
    [InlineData("exactly one of 'level'", "level", "0.5", "macs", "0.5")]
    [InlineData("'normalize' has no effect", "level", "0.5", "normalize", "none")]
    [InlineData("'macs: 2' must be a number", "macs", "2")]
    [InlineData("'least: 0'", "level", "0.5", "least", "0")]
    public void WrongOptionsAreRefused(string message, params string[] options) =>
        Assert.Contains(
            message,
            Assert.Throws<OptionsException>(() => Make([.. options.Chunk(2).Select(o => (o[0], o[1]))])).Message
        );

    [Fact]
    public void APlanSaysWhatStaysAndWhatItSaves()
    {
        Network network = ResidualNetwork.Of(11, 8, 8);
        IReadOnlyList<PlannedChange> plan = Make(("level", "0.5")).Plan(network.On());
        Assert.Equal(["stem", "s0.1.conv1"], plan.Select(c => c.Target));
        Assert.All(plan, c => Assert.StartsWith("keep 4 of 8 channels: magnitude, level 0.5", c.What));
        Assert.Contains($"{network.Macs():N0} → ", plan[^1].What);
    }

    private static Technique Make(params (string, string)[] options) => Options.Make("structured-pruning", options);

    private static DecantException Refused(params (string, string)[] options) =>
        Assert.ThrowsAny<DecantException>(() => Make(options).Plan(ResidualNetwork.Of(4, 12, 16).On()));

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static void Runs(Network network)
    {
        using var executor = new ReferenceExecutor(network);
        Assert.All(executor.Run(SameAnswers.Inputs(network, 2))[0].Array<float>(), y => Assert.True(float.IsFinite(y)));
    }

    private static Network OneLayer() =>
        new Decant.Zoo.NetworkBuilder("one", 1, new Shape(Shape.Unknown, 6)).Gemm("fc", 3).Build();

    /// <summary>
    /// Channels by what layers make them, ranked by Σ|w| over the mean of their kind, taken out one by one; each kind
    /// keeps one.
    /// </summary>
    private static Network ByOneAtATime(Network network, long most)
    {
        var ranked = new List<(double Score, string Group, int Channel, string Kind)>();
        foreach (ChannelGroup group in ChannelGroups.Of(network).Where(g => !g.IsFixed))
        foreach (
            var kind in Enumerable
                .Range(0, group.Count)
                .GroupBy(i => group.Name + string.Join(',', group.Channels[i].Members.Select(m => m.Weight)))
        )
        {
            double mean = kind.Average(i => Norm(network, group.Channels[i]));
            ranked.AddRange(kind.Select(i => (Norm(network, group.Channels[i]) / mean, group.Name, i, kind.Key)));
        }
        Dictionary<string, bool[]> kept = ChannelGroups
            .Of(network)
            .ToDictionary(g => g.Name, g => Enumerable.Repeat(true, g.Count).ToArray());
        Dictionary<string, int> left = ranked.GroupBy(r => r.Kind).ToDictionary(k => k.Key, k => k.Count());
        foreach (var r in ranked.OrderBy(r => r.Score))
        {
            if (Thinning.Keep(network, kept).Macs() <= most)
                break;
            if (left[r.Kind] == 1)
                continue;
            left[r.Kind]--;
            kept[r.Group][r.Channel] = false;
        }
        return Thinning.Keep(network, kept);
    }

    private static double Norm(Network network, Channel channel)
    {
        double sum = 0;
        foreach (
            ChannelSlice slice in channel.Members.Where(m =>
                m.Role == ChannelRole.Producer && network.Weights[m.Weight].Encoding.Shape.Rank > 1
            )
        )
        {
            float[] values = network.Weights[slice.Weight].Encoding.Values();
            int size = values.Length / network.Extent(slice.Weight);
            sum += slice.Indices.Sum(i => values.Skip(i * size).Take(size).Sum(w => Math.Abs((double)w)));
        }
        return sum;
    }
}
