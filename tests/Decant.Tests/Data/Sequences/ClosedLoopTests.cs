using Decant.Core;
using Decant.Core.Operators;
using Decant.Data;
using Decant.Runtime;
using Xunit;

namespace Decant.Tests.Data.Sequences;

public sealed class ClosedLoopTests
{
    private const float Kept = 0.96f,
        Rounded = 0.99f;

    private static Score Evaluate(LearningTask task, Network original, Network network, IDataSource data)
    {
        using InferenceSession first = new InferenceModel(original).CreateSession(),
            second = new InferenceModel(network).CreateSession();
        IDataSource targeted = task.Targeted(original, first, data, Preprocessing.None);
        return task.Evaluate(network, second, targeted, Preprocessing.None);
    }

    private static double Sqnr(float[][] targets, float[][] made)
    {
        var pairs = targets.SelectMany(t => t).Zip(made.SelectMany(m => m)).ToList();
        return 10
            * Math.Log10(
                pairs.Sum(p => (double)p.First * p.First) / pairs.Sum(p => Math.Pow((double)p.First - p.Second, 2))
            );
    }

    private static float[] Decayed(float[] x, float[] h) => [x[0] + Rounded * h[0], x[1] + Rounded * h[1]];

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(4)]
    public void A_network_is_scored_with_the_states_that_it_made_itself(int batch)
    {
        Network original = Accumulators.Of(Kept, batch),
            rounded = Accumulators.Of(Rounded, batch);
        StatefulSource data = Accumulators.Recorded(original);
        Score score = Evaluate(new Fidelity(), original, rounded, data);
        float[][] targets = Accumulators.ByHand(Accumulators.Of(Kept)),
            made = Accumulators.ByHand(Accumulators.Of(Rounded));
        Assert.Equal(Sqnr(targets, made), score["SQNR of y"], 1e-6);
        Assert.Equal(score["SQNR of y"], score["SQNR of hN"]);
        Assert.Equal(Accumulators.Lengths.Sum(), score.Count);
    }

    [Fact]
    public void Drift_costs_more_than_errors_of_single_frames()
    {
        Network original = Accumulators.Of(Kept);
        StatefulSource data = Accumulators.Recorded(original);
        Batch all = data.Read([.. Enumerable.Range(0, data.Count)]);
        float[][] x = [.. all.Inputs[0].Array<float>().Chunk(2)],
            h = [.. all.Inputs[1].Array<float>().Chunk(2)];
        double open = Sqnr(Accumulators.ByHand(original), [.. x.Zip(h, Decayed)]),
            closed = Evaluate(new Fidelity(), original, Accumulators.Of(Rounded), data)["SQNR of y"];
        Assert.InRange(closed, 0, open - 10);
    }

    [Fact]
    public void Scores_do_not_depend_on_how_many_clips_run_side_by_side()
    {
        LearningTask[] tasks =
        [
            new Fidelity(),
            new Regression(),
            new Restoration(new RestorationOptions { Signal = RestoredSignal.Audio }),
        ];
        foreach (LearningTask task in tasks)
        {
            Score[] scores =
            [
                .. new[] { 1, -1 }.Select(batch =>
                {
                    Network original = Accumulators.Of(Kept, batch);
                    return Evaluate(task, original, Accumulators.Of(Rounded, batch), Accumulators.Recorded(original));
                }),
            ];
            Assert.All(scores[0].Values.Zip(scores[1].Values), v => Assert.Equal(v.First.Value, v.Second.Value, 1e-9));
        }
    }

    [Fact]
    public void What_does_not_follow_the_example_before_begins_with_its_recorded_state()
    {
        Network original = Accumulators.Of(Kept),
            rounded = Accumulators.Of(Rounded);
        StatefulSource data = Accumulators.Recorded(original);
        IDataSource taken = data.Take([3, 4, 8, 39, 40, 41]);
        Assert.Equal([0, 2, 3, 4], taken.Starts.ToArray());
        float[][] targets = Accumulators.ByHand(original);
        var made = new List<float[]>();
        foreach (int i in (int[])[3, 4, 8, 39, 40, 41])
        {
            Batch one = data.Read([i]);
            float[] h = i is 4 or 41 ? made[^1] : one.Inputs[1].Array<float>();
            made.Add(Decayed(one.Inputs[0].Array<float>(), h));
        }
        float[][] expected = [targets[3], targets[4], targets[8], targets[39], targets[40], targets[41]];
        // The original continues from recorded states as it did when they were recorded.
        Assert.Equal(Sqnr(expected, [.. made]), Evaluate(new Fidelity(), original, rounded, taken)["SQNR of y"], 1e-4);
    }

    [Fact]
    public void Whole_clips_are_held_out()
    {
        IDataSource data = Accumulators.Recorded(Accumulators.Of(Kept));
        var (train, heldOut) = data.Split(30, 1);
        Assert.Equal((data.Count - 30, 30), (train.Count, heldOut.Count));
        Assert.All(heldOut.Starts, s => Assert.Equal([0f, 0f], heldOut.Read([s]).Inputs[1].Array<float>()));
        Assert.InRange(heldOut.Starts.Length, 1, 3);
    }

    [Fact]
    public void Cancellation_stops_between_frames()
    {
        Network network = Accumulators.Of(Kept, 1);
        StatefulSource data = Accumulators.Recorded(network);
        using var cancellation = new CancellationTokenSource();
        using var executor = new Counting(network, 5, cancellation);
        Assert.Throws<OperationCanceledException>(() =>
            new Regression().Evaluate(network, executor, data, Preprocessing.None, null, cancellation.Token)
        );
        Assert.Equal(5, executor.Runs);
    }

    [Fact]
    public void A_network_without_the_output_is_refused()
    {
        Network original = Accumulators.Of(Kept),
            other = new("other", original.Inputs, [original.Outputs[0]], original.Nodes, original.Weights);
        StatefulSource data = Accumulators.Recorded(original);
        using var executor = new ReferenceExecutor(other);
        Assert.Equal(
            "output 'hN' is fed back to input 'h', and the network has no such output",
            Assert
                .Throws<DataException>(() => new Regression().Evaluate(other, executor, data, Preprocessing.None))
                .Message
        );
    }

    [Fact]
    public void A_state_of_another_shape_than_its_input_is_named()
    {
        var type = new TensorType(ElementType.Float32, new Shape(-1, 2));
        var network = new Network(
            "flat",
            [new ValueInfo("x", type), new ValueInfo("h", type)],
            [new ValueInfo("y", type), new ValueInfo("hN", new TensorType(ElementType.Float32, null))],
            [
                new Node("add", new Add(Attributes.None), ["x", "h"], ["y"]),
                new Node("flat", new Reshape(Attributes.None), ["y", "shape"], ["hN"]),
            ],
            new WeightSet([new Weight("shape", new DenseEncoding(Tensor.Vector([-1L])))])
        );
        Assert.Equal(
            "output 'hN' is Float32 2 and cannot be fed back to input 'h', which takes Float32 1×2",
            Assert.Throws<DataException>(() => Accumulators.Recorded(network)).Message
        );
    }

    /// <summary>Cancels after so many runs.</summary>
    private sealed class Counting(Network network, int most, CancellationTokenSource cancellation) : IExecutor
    {
        private readonly ReferenceExecutor inner = new(network);

        public int Runs { get; private set; }

        public string Name => inner.Name;

        public IReadOnlyList<Tensor> Run(IReadOnlyList<Tensor> inputs, CancellationToken cancelled = default)
        {
            IReadOnlyList<Tensor> made = inner.Run(inputs, CancellationToken.None);
            if (++Runs == most)
                cancellation.Cancel();
            return made;
        }

        public void Dispose() => inner.Dispose();
    }
}
