using Decant.Core;
using Decant.Core.Operators;
using Decant.Reports;

namespace Decant.Reproduce;

/// <summary>
/// After Gaier and Ha (NeurIPS 2019), on MNIST: connections learnt while the one weight value that they share is drawn
/// anew for each batch, then tried with many values. The paper evolves its networks; here a mask over random signs
/// learns.
/// </summary>
public sealed class WeightAgnosticExperiment : IExperiment
{
    /// <inheritdoc/>
    public string Name => "weight-agnostic";

    /// <inheritdoc/>
    public string Description =>
        "a network on MNIST whose connections share one weight value, learnt to work with any, and tried with many";

    /// <inheritdoc/>
    public IReadOnlyList<ResultRow> Run(
        ExperimentSetting setting,
        IProgress<string> progress,
        CancellationToken cancellation
    )
    {
        var work = new ExperimentRuns(
            setting,
            setting.SetFor("mnist"),
            progress,
            cancellation,
            setting.Quick ? 4000 : int.MaxValue
        );
        var trials = Enumerable
            .Range(1, setting.Quick ? 1 : 3)
            .Select(s => new AgnosticTrial(work, (ulong)s, setting.Quick).Run())
            .ToList();
        return [.. trials[0].Select((first, i) => Row(first.Name, first.Unit, [.. trials.Select(t => t[i].Measured)]))];
    }

    private static ResultRow Row(string name, string unit, double[] measured)
    {
        var seeds = new Seeds(measured);
        return ResultRow.Reported($"{name} ({seeds})", seeds.Mean, unit);
    }
}

/// <summary>
/// A network for shared weights: one hidden layer whose units are tanh, sin, |x| and exp(-x²) in equal parts, so that
/// no weight value merely scales the answers, as it would with ReLU. It has no biases.
/// </summary>
internal static class AgnosticNetwork
{
    private const int Pixels = 784,
        Classes = 10;

    /// <summary>Makes it with random signs for weights.</summary>
    /// <param name="hidden">Hidden units, a multiple of four.</param>
    /// <param name="seed">Decides the signs.</param>
    public static Network Create(int hidden, ulong seed)
    {
        var image = new TensorType(ElementType.Float32, new Shape(Shape.Unknown, 1, 28, 28));
        var scores = new TensorType(ElementType.Float32, new Shape(Shape.Unknown, Classes));
        return new Network(
            "weight-agnostic",
            [new ValueInfo("image", image)],
            [new ValueInfo("scores", scores)],
            [.. Nodes(hidden)],
            [
                Signs("hidden.weight", new Shape(hidden, Pixels), seed),
                Signs("output.weight", new Shape(Classes, hidden), seed),
            ]
        );
    }

    /// <summary>The same connections with another value of the one weight.</summary>
    /// <param name="network">Its weights are ternary or binary.</param>
    /// <param name="value">The value.</param>
    public static Network At(Network network, double value) =>
        network.With(
            network.Weights.ToDictionary(w => w.Name, w => At(w.Encoding, (float)value), StringComparer.Ordinal)
        );

    private static Encoding At(Encoding encoding, float value) =>
        encoding switch
        {
            TernaryEncoding t => new TernaryEncoding(t.Shape, t.Signs.ToArray(), [value], [value]),
            BinaryEncoding b => new BinaryEncoding(b.Shape, b.Signs.ToArray(), [value]),
            _ => throw new ModelException($"a weight held as '{encoding.Kind}' has no signs to share a value"),
        };

    private static IEnumerable<Node> Nodes(int hidden)
    {
        yield return Node("flat", new Flatten(Attributes.None), ["image"]);
        yield return Node("hidden", Product(Pixels), ["flat", "hidden.weight"]);
        yield return new Node(
            "parts",
            new Split(new Attributes(("axis", 1L), ("num_outputs", 4L))),
            ["hidden"],
            ["a", "b", "c", "d"]
        );
        yield return Node("tanh", new Tanh(Attributes.None), ["a"]);
        yield return Node("sin", new Sin(Attributes.None), ["b"]);
        yield return Node("abs", new Abs(Attributes.None), ["c"]);
        yield return Node("square", new Mul(Attributes.None), ["d", "d"]);
        yield return Node("minus", new Neg(Attributes.None), ["square"]);
        yield return Node("gauss", new Exp(Attributes.None), ["minus"]);
        yield return Node("units", new Concat(new Attributes(("axis", 1L))), ["tanh", "sin", "abs", "gauss"]);
        yield return Node("scores", Product(hidden), ["units", "output.weight"]);
    }

    // Sums of many signs of one size: the factor keeps them where the units bend, and belongs to the network as its
    // shape does.
    private static Gemm Product(int inputs) =>
        new(new Attributes(("transB", 1L), ("alpha", (float)(4 / Math.Sqrt(inputs)))));

    private static Node Node(string name, Operator op, params string[] inputs) => new(name, op, [.. inputs], [name]);

    private static Weight Signs(string name, Shape shape, ulong seed)
    {
        Rng rng = Rng.For(seed, "signs", name);
        var signs = new float[shape.Count];
        for (int i = 0; i < signs.Length; i++)
            signs[i] = rng.Next(2) == 0 ? -1 : 1;
        return new Weight(name, new BinaryEncoding(shape, BinaryEncoding.SignsOf(signs), [1]));
    }
}
