using System.Collections.Immutable;
using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Bench;

/// <summary>
/// A network of VGG-16's shape (Simonyan, Zisserman 2015) with normal random weights: 138,357,544 of them.
/// </summary>
internal static class MakeVgg
{
    /// <summary>The word that makes the benchmark write one, as a process of its own.</summary>
    public const string Verb = "make-vgg";

    private const int Pool = 0;

    public static Network Network()
    {
        var (nodes, weights) = (new List<Node>(), new List<Weight>());
        string last = "image";
        int channels = 3,
            layer = 0;
        foreach (
            int filters in (ReadOnlySpan<int>)
                [64, 64, Pool, 128, 128, Pool, 256, 256, 256, Pool, 512, 512, 512, Pool, 512, 512, 512, Pool]
        )
        {
            if (filters == Pool)
            {
                Add(new MaxPool(new Attributes(("kernel_shape", Pair(2)), ("strides", Pair(2)))), $"pool{layer}");
                continue;
            }
            Layer(
                new Conv(new Attributes(("kernel_shape", Pair(3)), ("pads", ImmutableArray.Create<long>(1, 1, 1, 1)))),
                $"conv{++layer}",
                new Shape(filters, channels, 3, 3)
            );
            Add(new Relu(Attributes.None), $"relu{layer}");
            channels = filters;
        }
        Add(new Flatten(Attributes.None), "flat");
        foreach (var (units, inputs) in new[] { (4096, 25088), (4096, 4096), (1000, 4096) })
        {
            if (layer > 13)
                Add(new Relu(Attributes.None), $"relu{layer}");
            Layer(new Gemm(new Attributes(("transB", 1L))), $"fc{++layer}", new Shape(units, inputs));
        }
        return new Network(
            "vgg-16",
            [Value("image", new Shape(Shape.Unknown, 3, 224, 224))],
            [Value(last, new Shape(Shape.Unknown, 1000))],
            [.. nodes],
            weights
        );

        void Add(Operator op, string name, params ImmutableArray<string> constants)
        {
            nodes.Add(new Node(name, op, [last, .. constants], [name]));
            last = name;
        }

        void Layer(Operator op, string name, Shape shape)
        {
            weights.Add(Normal($"{name}.weight", shape));
            weights.Add(Normal($"{name}.bias", new Shape(shape[0])));
            Add(op, name, $"{name}.weight", $"{name}.bias");
        }
    }

    private static ImmutableArray<long> Pair(long n) => [n, n];

    private static ValueInfo Value(string name, Shape shape) => new(name, new TensorType(ElementType.Float32, shape));

    private static Weight Normal(string name, Shape shape)
    {
        Rng rng = Rng.For(1, "bench", name);
        double deviation = Math.Sqrt(2.0 / shape.CountFrom(1));
        var values = new float[shape.Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(rng.NextNormal() * deviation);
        return new Weight(name, Tensor.Of(shape, values));
    }
}
