using Decant.Core;
using Decant.Core.Operators;
using Decant.Techniques.Groups;
using Decant.Tests.Torch;
using Decant.Torch;
using Xunit;

namespace Decant.Tests.Techniques.Groups;

[Collection("libtorch")]
public sealed class WeightAxesTests
{
    /// <summary>
    /// The group of a number by its index, said for each operator as its ONNX page says what its weight's axes are.
    /// </summary>
    private static readonly (Operator, int Input, int[] Dims, GroupKind, Func<int[], int>)[] Cases =
    [
        (Conv(1), 1, [4, 3, 2, 2], GroupKind.Neuron, i => i[0]),
        (Conv(1), 1, [4, 3, 2, 2], GroupKind.Channel, i => i[1]),
        (Conv(1), 1, [4, 3, 2, 2], GroupKind.Kernel, i => i[0] * 3 + i[1]),
        (Conv(1), 1, [4, 3, 2, 2], GroupKind.Column, i => (i[1] * 2 + i[2]) * 2 + i[3]),
        (Conv(1), 1, [4, 3, 2, 2], GroupKind.Layer, _ => 0),
        (Conv(2), 1, [4, 3, 2, 2], GroupKind.Neuron, i => i[0]),
        (Conv(2), 1, [4, 3, 2, 2], GroupKind.Channel, i => i[0] / 2 * 3 + i[1]),
        (Transposed(1), 1, [4, 3, 2, 2], GroupKind.Neuron, i => i[1]),
        (Transposed(1), 1, [4, 3, 2, 2], GroupKind.Channel, i => i[0]),
        (Transposed(2), 1, [4, 3, 2, 2], GroupKind.Neuron, i => i[0] / 2 * 3 + i[1]),
        (Transposed(2), 1, [4, 3, 2, 2], GroupKind.Channel, i => i[0]),
        (Gemm(true), 1, [4, 3], GroupKind.Neuron, i => i[0]),
        (Gemm(true), 1, [4, 3], GroupKind.Channel, i => i[1]),
        (Gemm(true), 1, [4, 3], GroupKind.Column, i => i[1]),
        (Gemm(true), 1, [4, 3], GroupKind.Kernel, i => i[0] * 3 + i[1]),
        (Gemm(false), 1, [4, 3], GroupKind.Neuron, i => i[1]),
        (Gemm(false), 1, [4, 3], GroupKind.Channel, i => i[0]),
        (Gemm(false), 0, [4, 3], GroupKind.Neuron, i => i[0]),
        (new MatMul(Attributes.None), 1, [4, 3], GroupKind.Neuron, i => i[1]),
        (new MatMul(Attributes.None), 0, [4, 3], GroupKind.Neuron, i => i[0]),
    ];

    [TorchFact]
    public void GroupsAreThoseOfTheOperator()
    {
        foreach (var (op, input, dims, kind, group) in Cases)
            Check(op, input, dims, kind, group);
    }

    private static void Check(Operator op, int input, int[] dims, GroupKind kind, Func<int[], int> group)
    {
        var (network, weight) = Reading(op, input, dims);
        float[] values = weight.Encoding.Decode().Array<float>();
        var sums = new SortedDictionary<int, float>();
        for (int p = 0; p < values.Length; p++)
        {
            var index = new int[dims.Length];
            for (int axis = dims.Length - 1, rest = p; axis >= 0; rest /= dims[axis--])
                index[axis] = rest % dims[axis];
            sums[group(index)] = sums.GetValueOrDefault(group(index)) + values[p];
        }
        using var scope = new TorchScope();
        WeightGroups groups = WeightAxes.Of(network, weight).By(kind);
        Assert.Equal(
            sums.Values,
            groups.Sums(TorchTensor.From<float>(values, [.. dims.Select(d => (long)d)])).ToArray<float>()
        );
        Assert.Equal(values.Length / sums.Count, groups.Size);
    }

    [Fact]
    public void AWeightWhoseOutputsCannotBeToldIsNamed()
    {
        var (gather, weight) = Reading(new Gather(Attributes.None), 0, [4, 3]);
        Assert.Matches(
            "weight 'w'.*\\(Gather\\)",
            Assert.Throws<ModelException>(() => WeightAxes.Of(gather, weight)).Message
        );
        Assert.Contains(
            "no layer",
            Assert.Throws<ModelException>(() => WeightAxes.Of(gather, new Weight("v", weight.Encoding))).Message
        );
        Node[] both = [new("a", Gemm(true), ["x", "w"], ["y"]), new("b", Gemm(false), ["x", "w"], ["z"])];
        var twice = new Network("", [Value("x")], [Value("y")], [.. both], [weight]);
        Assert.Matches(
            "'w' is read in two ways.*node 'b'",
            Assert.Throws<ModelException>(() => WeightAxes.Of(twice, weight)).Message
        );
    }

    /// <summary>A network of one node that reads a weight of small whole numbers.</summary>
    internal static (Network Network, Weight Weight) Reading(Operator op, int input, int[] dims)
    {
        var weight = new Weight(
            "w",
            Tensor.Of(
                new Shape(dims),
                [.. Enumerable.Range(0, dims.Aggregate((a, b) => a * b)).Select(i => (float)(i * 7 % 11))]
            )
        );
        var node = new Node("n", op, input == 0 ? ["w", "x"] : ["x", "w"], ["y"]);
        return (new Network("", [Value("x")], [Value("y")], [node], [weight]), weight);
    }

    private static ValueInfo Value(string name) => new(name, new TensorType(Decant.Core.ElementType.Float32, null));

    private static Conv Conv(int groups) => new(new Attributes(("group", (long)groups)));

    private static ConvTranspose Transposed(int groups) => new(new Attributes(("group", (long)groups)));

    internal static Gemm Gemm(bool transposed) => new(new Attributes(("transB", transposed ? 1L : 0L)));
}
