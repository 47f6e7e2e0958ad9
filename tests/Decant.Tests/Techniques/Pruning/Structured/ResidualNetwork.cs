using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Tests.Techniques.Pruning;

/// <summary>
/// Small residual networks: a stem, stages of blocks with plain shortcuts, option A between stages, and a classifier.
/// </summary>
internal sealed class ResidualNetwork
{
    private readonly List<Node> nodes = [];
    private readonly List<Weight> weights = [];
    private readonly Rng rng;

    private ResidualNetwork(ulong seed) => rng = new Rng(seed);

    /// <summary>A network of 8×8 images.</summary>
    /// <param name="seed">Decides the weights.</param>
    /// <param name="inner">The width within each block.</param>
    /// <param name="widths">The width of each stage; each is twice that before it.</param>
    public static Network Of(ulong seed, int inner = 5, params int[] widths)
    {
        var made = new ResidualNetwork(seed);
        string x = made.Relu("relu", made.Conv("stem", "image", 3, widths[0]));
        for (int s = 0; s < widths.Length; s++)
        {
            if (s > 0)
                x = made.Widen($"s{s}.0", x, inner, widths[s - 1], widths[s]);
            x = made.Block($"s{s}.1", x, inner, widths[s]);
        }
        made.Add("pool", new GlobalAveragePool(Attributes.None), x);
        made.Add("flat", new Flatten(Attributes.None), "pool");
        made.Parameters("fc", new Shape(4, widths[^1]));
        made.Add("fc", new Gemm(new Attributes(("transB", 1L))), "flat", "fc.weight", "fc.bias");
        return new Network(
            "residual",
            [Info("image", Shape.Unknown, 3, 8, 8)],
            [Info("fc", Shape.Unknown, 4)],
            [.. made.nodes],
            made.weights
        );
    }

    private static ValueInfo Info(string name, params int[] dims) =>
        new(name, new TensorType(ElementType.Float32, new Shape(dims)));

    private string Block(string name, string x, int inner, int width) =>
        Join(name, x, Branch(name, x, inner, width, width, 1));

    private string Widen(string name, string x, int inner, int from, int to)
    {
        Integers($"{name}.starts", 0, 0);
        Integers($"{name}.ends", int.MaxValue, int.MaxValue);
        Integers($"{name}.axes", 2, 3);
        Integers($"{name}.steps", 2, 2);
        Integers($"{name}.pads", 0, (to - from) / 2, 0, 0, 0, to - from - (to - from) / 2, 0, 0);
        string cut = Add(
            $"{name}.slice",
            new Slice(Attributes.None),
            x,
            $"{name}.starts",
            $"{name}.ends",
            $"{name}.axes",
            $"{name}.steps"
        );
        return Join(
            name,
            Add($"{name}.pad", new Pad(Attributes.None), cut, $"{name}.pads"),
            Branch(name, x, inner, from, to, 2)
        );
    }

    private string Branch(string name, string x, int inner, int from, int to, int stride) =>
        Conv($"{name}.conv2", Relu($"{name}.relu1", Conv($"{name}.conv1", x, from, inner, stride)), inner, to);

    private string Join(string name, string shortcut, string branch) =>
        Relu($"{name}.relu2", Add($"{name}.add", new Add(Attributes.None), branch, shortcut));

    private string Relu(string name, string x) => Add(name, new Relu(Attributes.None), x);

    private string Conv(string name, string x, int from, int to, int stride = 1)
    {
        Parameters(name, new Shape(to, from, 3, 3));
        return Add(
            name,
            new Conv(new Attributes(("pads", Many(4, 1)), ("strides", Many(2, stride)), ("kernel_shape", Many(2, 3)))),
            x,
            $"{name}.weight",
            $"{name}.bias"
        );
    }

    private static System.Collections.Immutable.ImmutableArray<long> Many(int count, long value) =>
        [.. Enumerable.Repeat(value, count)];

    private void Integers(string name, params long[] values) => weights.Add(new Weight(name, Tensor.Vector(values)));

    private void Parameters(string layer, Shape shape)
    {
        foreach (var (name, of) in new[] { ($"{layer}.weight", shape), ($"{layer}.bias", new Shape(shape[0])) })
            weights.Add(
                new Weight(
                    name,
                    Tensor.Of(
                        of,
                        Enumerable
                            .Range(0, (int)of.Count)
                            .Select(_ => (float)(rng.NextNormal() / Math.Sqrt(shape.CountFrom(1))))
                            .ToArray()
                    )
                )
            );
    }

    private string Add(string name, Operator op, params string[] inputs)
    {
        nodes.Add(new Node(name, op, [.. inputs], [name]));
        return name;
    }
}
