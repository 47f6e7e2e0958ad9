using System.Collections.Immutable;
using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Zoo;

/// <summary>
/// Builds a network of layers, each named, with weights drawn from a seed. Each layer reads the one before it;
/// <see cref="From"/> goes back to another. A layer's weights have its name and PyTorch's: conv1.weight,
/// bn1.running_mean.
/// </summary>
public sealed class NetworkBuilder
{
    private readonly string name;
    private readonly ValueInfo input;
    private readonly List<Node> nodes = [];
    private readonly InitialWeights weights;
    private readonly Dictionary<string, Shape> shapes = new(StringComparer.Ordinal);

    /// <summary>Starts at an input of a shape; the batch extent may be unknown.</summary>
    public NetworkBuilder(string name, ulong seed, Shape inputShape)
    {
        (this.name, weights, Last) = (name, new InitialWeights(seed), new LayerValue("image", inputShape));
        input = new ValueInfo(Last.Name, new TensorType(ElementType.Float32, inputShape));
        shapes[Last.Name] = inputShape;
    }

    /// <summary>What the last layer makes, and the next one reads.</summary>
    public LayerValue Last { get; private set; }

    /// <summary>Goes on from another layer.</summary>
    public NetworkBuilder From(LayerValue value)
    {
        Last = value;
        return this;
    }

    /// <summary>
    /// A convolution with bias, stride 1 and no padding, started as PyTorch's layers (Kaiming uniform: He et al. 2015).
    /// </summary>
    public NetworkBuilder Conv(string layer, int filters, int kernel)
    {
        var shape = new Shape(filters, Last.Shape[1], kernel, kernel);
        long fanIn = shape.CountFrom(1);
        return Add(
            layer,
            new Conv(new Attributes(("kernel_shape", Square(kernel)))),
            Last.Name,
            weights.Uniform($"{layer}.weight", shape, fanIn),
            weights.Uniform($"{layer}.bias", new Shape(filters), fanIn)
        );
    }

    /// <summary>
    /// A convolution without bias, padded so that stride 1 keeps the extents; its kernel is odd. Started Kaiming normal
    /// by fan-out.
    /// </summary>
    public NetworkBuilder PaddedConv(string layer, int filters, int kernel, int stride = 1)
    {
        string weight = weights.Normal(
            $"{layer}.weight",
            new Shape(filters, Last.Shape[1], kernel, kernel),
            (long)filters * kernel * kernel
        );
        long side = kernel / 2;
        return Add(
            layer,
            new Conv(
                new Attributes(
                    ("kernel_shape", Square(kernel)),
                    ("strides", Square(stride)),
                    ("pads", ImmutableArray.Create(side, side, side, side))
                )
            ),
            Last.Name,
            weight
        );
    }

    /// <summary>Batch normalization, started as the identity: scale 1, shift 0, mean 0, variance 1.</summary>
    public NetworkBuilder BatchNorm(string layer)
    {
        int channels = Last.Shape[1];
        return Add(
            layer,
            new BatchNormalization(Attributes.None),
            Last.Name,
            weights.Same($"{layer}.weight", channels, 1),
            weights.Same($"{layer}.bias", channels, 0),
            weights.Same($"{layer}.running_mean", channels, 0),
            weights.Same($"{layer}.running_var", channels, 1)
        );
    }

    /// <summary>A fully connected layer with bias, started as PyTorch's layers.</summary>
    public NetworkBuilder Gemm(string layer, int units)
    {
        int fanIn = Last.Shape[1];
        return Add(
            layer,
            new Gemm(new Attributes(("transB", 1L))),
            Last.Name,
            weights.Uniform($"{layer}.weight", new Shape(units, fanIn), fanIn),
            weights.Uniform($"{layer}.bias", new Shape(units), fanIn)
        );
    }

    /// <summary>Max pooling.</summary>
    public NetworkBuilder MaxPool(string layer, int kernel, int stride) =>
        Add(
            layer,
            new MaxPool(new Attributes(("kernel_shape", Square(kernel)), ("strides", Square(stride)))),
            Last.Name
        );

    /// <summary>Average pooling.</summary>
    public NetworkBuilder AveragePool(string layer, int kernel, int stride) =>
        Add(
            layer,
            new AveragePool(new Attributes(("kernel_shape", Square(kernel)), ("strides", Square(stride)))),
            Last.Name
        );

    /// <summary>The mean of each channel, whose extents become 1.</summary>
    public NetworkBuilder GlobalAveragePool(string layer) =>
        Add(layer, new GlobalAveragePool(Attributes.None), Last.Name);

    /// <summary>max(0, x).</summary>
    public NetworkBuilder Relu(string layer) => Add(layer, new Relu(Attributes.None), Last.Name);

    /// <summary>All axes after the batch as one.</summary>
    public NetworkBuilder Flatten(string layer) => Add(layer, new Flatten(Attributes.None), Last.Name);

    /// <summary>The sum with another layer of the same shape.</summary>
    public NetworkBuilder Add(string layer, LayerValue other) =>
        Add(layer, new Add(Attributes.None), Last.Name, other.Name);

    /// <summary>The channels of another layer, then the last one's.</summary>
    public NetworkBuilder ConcatAfter(string layer, LayerValue first) =>
        Add(layer, new Concat(new Attributes(("axis", 1L))), first.Name, Last.Name);

    /// <summary>Every <paramref name="step"/>-th row and column.</summary>
    public NetworkBuilder Subsample(string layer, int step) =>
        Add(
            layer,
            new Slice(Attributes.None),
            Last.Name,
            weights.Integers($"{layer}.starts", 0, 0),
            weights.Integers($"{layer}.ends", long.MaxValue, long.MaxValue),
            weights.Integers($"{layer}.axes", 2, 3),
            weights.Integers($"{layer}.steps", step, step)
        );

    /// <summary>Channels of zeros before and after those there are.</summary>
    public NetworkBuilder PadChannels(string layer, int before, int after) =>
        Add(
            layer,
            new Pad(Attributes.None),
            Last.Name,
            weights.Integers($"{layer}.pads", 0, before, 0, 0, 0, after, 0, 0)
        );

    /// <summary>The network; its output is the last layer's.</summary>
    /// <param name="preprocessing">The preprocessing that it expects, as its metadata carry it; null for pixel /
    /// 255.</param>
    public Network Build(string? preprocessing = null) =>
        new Network(
            name,
            [input],
            [new ValueInfo(Last.Name, new TensorType(ElementType.Float32, Last.Shape))],
            [.. nodes],
            weights.All
        ).WithMetadata("preprocessing", preprocessing);

    private static ImmutableArray<long> Square(int side) => [side, side];

    private NetworkBuilder Add(string layer, Operator op, params ImmutableArray<string> inputs)
    {
        var constants = inputs.Select(weights.Find).ToImmutableArray();
        var types = inputs.Select(
            (name, i) =>
                constants[i] is { } c
                    ? new TensorType(c.Type, c.Shape)
                    : new TensorType(ElementType.Float32, shapes[name])
        );
        Shape made = op.Infer(new OperatorInputs([.. types], constants))[0]!.Shape!.Value;
        nodes.Add(new Node(layer, op, inputs, [layer]));
        shapes.Add(layer, made);
        return From(new LayerValue(layer, made));
    }
}

/// <summary>What a layer makes: where a branch of a network starts or ends.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Shape">The shape of what it makes; the batch extent may be unknown.</param>
public readonly record struct LayerValue(string Name, Shape Shape);

/// <summary>The numbers that layers start with, each weight's decided by the seed and its name.</summary>
internal sealed class InitialWeights(ulong seed)
{
    private readonly List<Weight> weights = [];
    private readonly Dictionary<string, Tensor> values = new(StringComparer.Ordinal);

    /// <summary>All that were made, in order.</summary>
    public IReadOnlyList<Weight> All => weights;

    /// <summary>The numbers of a weight that was made; null if there is none of that name.</summary>
    public Tensor? Find(string name) => values.GetValueOrDefault(name);

    /// <summary>Uniform within ±1/√fan-in, as PyTorch's layers start (He et al. 2015, with a = √5).</summary>
    /// <returns>The weight's name.</returns>
    public string Uniform(string name, Shape shape, long fanIn)
    {
        double bound = 1 / Math.Sqrt(fanIn);
        return Drawn(name, shape, rng => rng.NextDouble(-bound, bound));
    }

    /// <summary>
    /// Normal of variance 2 / fan-out (He et al. 2015, eq. 14), as the published residual and VGG networks start.
    /// </summary>
    /// <returns>The weight's name.</returns>
    public string Normal(string name, Shape shape, long fanOut)
    {
        double deviation = Math.Sqrt(2.0 / fanOut);
        return Drawn(name, shape, rng => rng.NextNormal() * deviation);
    }

    /// <summary>A vector of one number.</summary>
    /// <returns>The weight's name.</returns>
    public string Same(string name, int count, float value)
    {
        var numbers = new float[count];
        numbers.AsSpan().Fill(value);
        return Add(name, Tensor.Vector(numbers));
    }

    /// <summary>Integers that say how an operator works.</summary>
    /// <returns>The weight's name.</returns>
    public string Integers(string name, params long[] integers) => Add(name, Tensor.Vector(integers));

    private string Drawn(string name, Shape shape, Func<Rng, double> next)
    {
        Rng rng = Rng.For(seed, "initial", name);
        var numbers = new float[shape.Count];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = (float)next(rng);
        return Add(name, Tensor.Of(shape, numbers));
    }

    private string Add(string name, Tensor numbers)
    {
        weights.Add(new Weight(name, numbers));
        values.Add(name, numbers);
        return name;
    }
}
