using System.Collections.Immutable;
using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Zoo;

/// <summary>Builds a chain of layers, each named, with weights drawn from a seed (Kaiming uniform: He et al. 2015, as PyTorch's layers start).</summary>
public sealed class NetworkBuilder
{
    private readonly string name;
    private readonly ulong seed;
    private readonly ValueInfo input;
    private readonly List<Node> nodes = [];
    private readonly List<Weight> weights = [];
    private string last;
    private Shape shape;

    /// <summary>Starts at an input of a shape; the batch extent may be unknown.</summary>
    public NetworkBuilder(string name, ulong seed, Shape inputShape)
    {
        (this.name, this.seed, last, shape) = (name, seed, "image", inputShape);
        input = new ValueInfo(last, new TensorType(ElementType.Float32, inputShape));
    }

    /// <summary>A convolution with bias, stride 1 and no padding.</summary>
    public NetworkBuilder Conv(string layer, int filters, int kernel)
    {
        Parameters(layer, new Shape(filters, shape[1], kernel, kernel));
        return Add(layer, new Conv(new Attributes(("kernel_shape", Square(kernel)))), last, $"{layer}.weight", $"{layer}.bias");
    }

    /// <summary>A fully connected layer with bias.</summary>
    public NetworkBuilder Gemm(string layer, int units)
    {
        Parameters(layer, new Shape(units, shape[1]));
        return Add(layer, new Gemm(new Attributes(("transB", 1L))), last, $"{layer}.weight", $"{layer}.bias");
    }

    /// <summary>Max pooling.</summary>
    public NetworkBuilder MaxPool(string layer, int kernel, int stride) =>
        Add(layer, new MaxPool(new Attributes(("kernel_shape", Square(kernel)), ("strides", Square(stride)))), last);

    /// <summary>max(0, x).</summary>
    public NetworkBuilder Relu(string layer) => Add(layer, new Relu(Attributes.None), last);

    /// <summary>All axes after the batch as one.</summary>
    public NetworkBuilder Flatten(string layer) => Add(layer, new Flatten(Attributes.None), last);

    /// <summary>The network; its output is the last layer's.</summary>
    public Network Build() =>
        new(name, [input], [new ValueInfo(last, new TensorType(ElementType.Float32, shape))], [.. nodes], weights);

    private static ImmutableArray<long> Square(int side) => [side, side];

    private NetworkBuilder Add(string layer, Operator op, params ImmutableArray<string> inputs)
    {
        var types = inputs.Select(i => i == last ? new TensorType(ElementType.Float32, shape)
            : new TensorType(ElementType.Float32, weights.Find(w => w.Name == i)!.Encoding.Shape));
        shape = op.Infer(new OperatorInputs([.. types], [.. inputs.Select(_ => (Tensor?)null)]))[0]!.Shape!.Value;
        nodes.Add(new Node(layer, op, inputs, [layer]));
        last = layer;
        return this;
    }

    private void Parameters(string layer, Shape weight)
    {
        double bound = 1 / Math.Sqrt(weight.CountFrom(1));
        weights.Add(Uniform($"{layer}.weight", weight, bound));
        weights.Add(Uniform($"{layer}.bias", new Shape(weight[0]), bound));
    }

    private Weight Uniform(string weight, Shape of, double bound)
    {
        Rng rng = Rng.For(seed, "initial", weight);
        var values = new float[of.Count];
        for (int i = 0; i < values.Length; i++) values[i] = (float)rng.NextDouble(-bound, bound);
        return new Weight(weight, Tensor.Of(of, values));
    }
}
