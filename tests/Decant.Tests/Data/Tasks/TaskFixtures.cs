using Decant.Core;
using Decant.Data;

namespace Decant.Tests.Data.Tasks;

/// <summary>Networks whose outputs are what a test says, example by example.</summary>
internal static class TaskFixtures
{
    /// <summary>A network with an input N×1 and outputs of the given types.</summary>
    public static Network Network(params (string Name, ElementType Type, Shape Shape)[] outputs) =>
        OfBatch(-1, outputs);

    public static Network OfBatch(int batch, params (string Name, ElementType Type, Shape Shape)[] outputs) =>
        new(
            "said",
            [new ValueInfo("x", new TensorType(ElementType.Float32, new Shape(batch, 1)))],
            [.. outputs.Select(o => new ValueInfo(o.Name, new TensorType(o.Type, o.Shape)))],
            [.. outputs.Select(o => Node("Identity", "x", o.Name))],
            []
        );

    public static Node Node(string type, string input, string output) =>
        new(output, OperatorCatalogue.Create(type, Attributes.None), [input], [output]);

    /// <summary>A source whose input is the index of the example.</summary>
    public static ArraySource Data(int count, params (string Name, Tensor Values)[] targets) =>
        new(
            "said",
            [new("x", Tensor.Of(new Shape(count, 1), [.. Enumerable.Range(0, count).Select(i => (float)i)]))],
            [.. targets.Select(t => KeyValuePair.Create(t.Name, t.Values))]
        );

    /// <summary>Scores outputs whose axis 0 counts the examples against targets.</summary>
    /// <param name="task">The task.</param>
    /// <param name="outputs">The outputs on all examples.</param>
    /// <param name="targets">The targets.</param>
    /// <param name="batch">Examples at a time; -1 for as many as the task takes.</param>
    /// <param name="order">The examples and their order; null for all as they are.</param>
    public static Score Evaluate(
        LearningTask task,
        (string Name, Tensor Values)[] outputs,
        (string Name, Tensor Values)[] targets,
        int batch = Shape.Unknown,
        int[]? order = null
    )
    {
        ArraySource data = Data(outputs[0].Values.Shape[0], targets);
        Network network = OfBatch(
            batch,
            [.. outputs.Select(o => (o.Name, o.Values.Type, o.Values.Shape.With(0, batch)))]
        );
        using var executor = new Said([.. outputs.Select(o => o.Values)]);
        return task.Evaluate(network, executor, order is null ? data : data.Take(order), Preprocessing.None);
    }

    public static Tensor Floats(Rng random, params int[] shape) =>
        Tensor.Of(new Shape(shape), [.. Enumerable.Range(0, Product(shape)).Select(_ => (float)random.NextNormal())]);

    public static Tensor Integers(Rng random, int below, params int[] shape) =>
        Tensor.Of(new Shape(shape), [.. Enumerable.Range(0, Product(shape)).Select(_ => (long)random.Next(below))]);

    public static int[] Shuffled(Rng random, int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        random.Shuffle<int>(order);
        return order;
    }

    /// <summary>Each metric has the same value in any order and however examples come in batches.</summary>
    public static void InvariantOf(
        LearningTask task,
        (string Name, Tensor Values)[] outputs,
        (string Name, Tensor Values)[] targets,
        Rng random,
        double tolerance = 1e-9
    )
    {
        Score score = Evaluate(task, outputs, targets);
        int[] order = Shuffled(random, outputs[0].Values.Shape[0]);
        foreach (int batch in new[] { 1, 3, Shape.Unknown })
        foreach (var (a, b) in score.Values.Zip(Evaluate(task, outputs, targets, batch, order).Values))
            Xunit.Assert.Equal(a.Value, b.Value, tolerance);
    }

    public static string Refusal(LearningTask task, Network network, IDataSource data) =>
        Xunit.Assert.Throws<DataException>(() => task.CheckFits(network, data)).Message;

    private static int Product(int[] shape) => shape.Aggregate(1, (a, b) => a * b);

    private sealed class Said(Tensor[] outputs) : IExecutor
    {
        public string Name => "said";

        public IReadOnlyList<Tensor> Run(IReadOnlyList<Tensor> inputs, CancellationToken cancellation = default)
        {
            int[] rows = Array.ConvertAll(inputs[0].Array<float>(), i => (int)i);
            return [.. outputs.Select(o => Rows.Take(o, rows))];
        }

        public void Dispose() { }
    }
}
