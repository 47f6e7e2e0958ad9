using System.Collections.Immutable;
using Decant.Core;
using Decant.Data;
using Decant.Runtime;
using Decant.Techniques.Statistics;
using Decant.Tests.Runs;
using Xunit;

namespace Decant.Tests.Techniques.Statistics;

public sealed class ActivationPassTests
{
    private static readonly Network Network = TinyRun.Convolutions();

    private static readonly Preprocessing Pixels = Preprocessing.Parse("scale=1/255");

    [Fact]
    public void ActivationsAreThoseOfThePlainExecutorWhateverTheThreads()
    {
        string[] names = ["image", "conv1", "relu1", "pool", "fc"];
        Dictionary<string, float[]> one = Observe(names, 1),
            three = Observe(names, 3);
        foreach (string name in names)
        {
            Assert.Equal(one[name], three[name]);
            Assert.Equal(Plain(name), one[name], (a, b) => Math.Abs(a - b) < 1e-4);
        }
    }

    [Fact]
    public void NetworksOfAFixedBatchSeeEachExampleOnce()
    {
        Network seven = new(
            "seven",
            [Network.Inputs[0] with { Type = new TensorType(ElementType.Float32, new Shape(7, 1, 7, 7)) }],
            Network.Outputs,
            Network.Nodes,
            Network.Weights
        );
        using var observer = new NetworkObserver(seven, ["relu1"]);
        var counts = new List<int>();
        var values = new List<float>();
        new ActivationPass(TinyRun.Train.First(20), Pixels).Run([observer], batch =>
        {
            counts.Add(batch.Count);
            values.AddRange(observer["relu1"].Values);
        });
        Assert.Equal([7, 7, 6], counts);
        Assert.Equal(Plain("relu1")[..(20 * 16 * 49)], values, (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void WhatARequestSeesDoesNotDependOnTheOthers()
    {
        DistributionRequest few = new("relu1", 11),
            many = new("relu1", 60);
        StatisticsRequest[] all = [many, few, new ChannelMeansRequest("conv2", 1, false, 25), many];
        var source = new CountingSource(TinyRun.Train);
        CollectedStatistics together = CollectedStatistics.Collect(Network, all, source, Pixels, 3),
            alone = CollectedStatistics.Collect(Network, [few], TinyRun.Train, Pixels, 3);
        // One example is read first, to know its shape.
        Assert.Equal(61, source.Examples);
        Assert.Equal(11 * 16 * 49, together.Find(few)!.Count);
        Assert.Equal(60 * 16 * 49, together.Find(many)!.Count);
        Assert.Equal(alone.Find(few)!.Mean, together.Find(few)!.Mean, 1e-7);
        Assert.Equal(alone.Find(few)!.Histogram.Counts.ToArray(), together.Find(few)!.Histogram.Counts.ToArray());
        Assert.Null(alone.Find(many));
    }

    [Fact]
    public void ChannelMeansAreThoseOfAllPlaces()
    {
        var request = new ChannelMeansRequest("relu1", 1, true, 30);
        double[] found = CollectedStatistics
            .Collect(Network, [request], TinyRun.Train.First(30), Pixels, 1)
            .Find(request)!;
        float[] values = Plain("relu1")[..(30 * 16 * 49)];
        for (int c = 0; c < 16; c++)
            Assert.Equal(values.Where((_, i) => i / 49 % 16 == c).Average(v => v != 0 ? 1.0 : 0), found[c], 1e-9);
    }

    [Fact]
    public void WhatCannotBeObservedIsNamed()
    {
        Assert.Contains(
            "no activation 'nothing'",
            Assert.Throws<ModelException>(() => new NetworkObserver(Network, ["nothing"])).Message
        );
        using var observer = new NetworkObserver(Network, ["relu1"]);
        Assert.Contains("before a run", Assert.Throws<ModelException>(() => observer["relu1"].Count).Message);
        var wrong = new ArraySource("wrong", [new("x", Tensor.Zeros(ElementType.Float32, new Shape(3, 5)))]);
        Assert.Contains(
            "wrong",
            Assert
                .Throws<DataException>(() => new ActivationPass(wrong, Preprocessing.None).Run([observer], _ => { }))
                .Message
        );
    }

    [Fact]
    public void APassIsStoppedAndTellsHowFarItIs()
    {
        using var observer = new NetworkObserver(Network, ["relu1"]);
        using var stop = new CancellationTokenSource();
        var shares = new Shares(share =>
        {
            if (share > 0.3)
                stop.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() =>
            new ActivationPass(TinyRun.Train, Pixels).Run([observer], _ => { }, shares, stop.Token)
        );
        Assert.InRange(shares.Last, 0.3, 0.5);
    }

    private static Dictionary<string, float[]> Observe(string[] names, int threads)
    {
        var found = names.ToDictionary(n => n, _ => new List<float>());
        using var observer = new NetworkObserver(Network, names, threads);
        new ActivationPass(new Unlabelled(TinyRun.Train), Pixels).Run([observer], _ =>
        {
            foreach (string name in names)
                found[name].AddRange(observer[name].Values);
        });
        return found.ToDictionary(f => f.Key, f => f.Value.ToArray());
    }

    private static float[] Plain(string name)
    {
        float[] images = Array.ConvertAll(TinyRun.Train.Images.Array<byte>(), b => b / 255f);
        if (name == "image")
            return images;
        var read = new Network(
            "",
            Network.Inputs,
            [new ValueInfo(name, new TensorType(ElementType.Float32, null))],
            Network.Nodes,
            Network.Weights
        );
        return new ReferenceExecutor(read, 1).Run([Tensor.Of(TinyRun.Train.Images.Shape, images)])[0].Array<float>();
    }

    private sealed class Shares(Action<double> told) : IProgress<double>
    {
        public double Last { get; private set; }

        public void Report(double value) => told(Last = value);
    }

    private class Unlabelled(LabelledImages images) : IDataSource
    {
        public string Name => images.Name;

        public int Count => images.Count;

        public ImmutableArray<DataField> Inputs => images.Inputs;

        public ImmutableArray<DataField> Targets => [];

        public string Fingerprint => images.Fingerprint;

        public virtual Batch Read(ReadOnlySpan<int> indices) => images.Read(indices) with { Targets = [] };

        public IDataSource Take(ReadOnlySpan<int> indices) => new Unlabelled(images.Take(indices));
    }

    private sealed class CountingSource(LabelledImages images) : Unlabelled(images)
    {
        public int Examples { get; private set; }

        public override Batch Read(ReadOnlySpan<int> indices)
        {
            Examples += indices.Length;
            return base.Read(indices);
        }
    }
}
