using System.Collections.Immutable;
using Decant.Core;
using Decant.Formats.Onnx;
using Decant.Runtime;
using Decant.Tests.Operators;
using Xunit;

namespace Decant.Tests.Mutation;

/// <summary>
/// Small networks that made an executor read beyond its memory, throw what is not Decant's, or take what another
/// refused: all of them now say the same.
/// </summary>
public sealed class HostileModelTests
{
    private static readonly Tensor Channels = OperatorSeeds.Floats(1, 8, 4, 4);

    private static readonly Dictionary<string, Func<Case>> Refused = new()
    {
        ["a slope that does not broadcast"] = () =>
            Fed(Tensor.Zeros(ElementType.Float32, new Shape(1, 1, 64)), N("PRelu", "x w", "y"), Floats(2)),
        ["a slope of more axes than its input"] = () => Fed(Floats(2, 3), N("PRelu", "x w", "y"), Floats(1, 1, 2, 3)),
        ["a slope made while running"] = () =>
            new Case(
                [N("ConstantOfShape", "s", "c"), N("PRelu", "x c", "y")],
                [],
                [("x", Floats(4)), ("s", Tensor.Vector(3L))]
            ),
        ["a slope made before running"] = () =>
            new Case(
                [N("ConstantOfShape", "s", "c"), N("PRelu", "x c", "y")],
                [new Weight("s", Tensor.Vector(3L))],
                [("x", Floats(4))]
            ),
        ["an empty bound"] = () => Chain(Floats(2, 3), N("Add", "x x", "a"), N("Clip", "a w", "y"), Floats(0)),
        ["a bound of two"] = () => Chain(Floats(2, 3), N("Add", "x x", "a"), N("Clip", "a w", "y"), Floats(2)),
        ["an empty bound after a convolution"] = () => Convolved(N("Clip", "a w", "y"), Floats(0)),
        ["an empty padding value"] = () =>
            new Case(
                [N("Conv", "x f", "a"), N("Pad", "a p w", "y")],
                [
                    new Weight("f", Floats(3, 8, 1, 1)),
                    new Weight("p", Tensor.Vector(0L, 0, 1, 1, 0, 0, 1, 1)),
                    new Weight("w", Floats(0)),
                ],
                [("x", Channels)]
            ),
        ["an addend of three axes"] = () =>
            new Case(
                [N("Gemm", "x f w", "y")],
                [new Weight("f", Floats(3, 4)), new Weight("w", Floats(1, 1, 4))],
                [("x", Floats(2, 3))]
            ),
        ["an output that there is not"] = () => new Case([N("Mul", "x x", "y z")], [], [("x", Floats(2))]),
        ["a bias of 0"] = () => Biased(0),
        ["a bias of 1"] = () => Biased(1),
        ["a bias of 7"] = () => Biased(7),
        ["a bias of 9"] = () => Biased(9),
        ["statistics of too few channels"] = () =>
            new Case(
                [N("BatchNormalization", "x s s s t", "y")],
                [new Weight("s", Floats(8)), new Weight("t", Floats(7))],
                [("x", Channels)]
            ),
        ["an empty scale"] = () =>
            new Case(
                [N("QuantizeLinear", "x s", "q"), N("QLinearMatMul", "q s z q s z w z", "y")],
                [
                    new Weight("s", Tensor.Scalar(0.1f)),
                    new Weight("z", Tensor.Scalar((byte)1)),
                    new Weight("w", Floats(0)),
                ],
                [("x", Floats(3, 3))]
            ),
        ["sequences longer than their input"] = () => Recurrent([Node("Identity", "l", "m")], Lengths(9)),
        ["fewer lengths than sequences, known while running"] = () =>
            Recurrent([Node("Reshape", "l t", "m")], Tensor.Vector(3, 3, 3), new Weight("t", Tensor.Vector(-1L))),
        ["a Gather past its axis"] = () =>
            new Case([N("Gather", "x i", "y")], [], [("x", Floats(3, 4)), ("i", Tensor.Vector(3L))]),
    };

    private static readonly Dictionary<string, Func<Case>> Accepted = new()
    {
        ["a normalization that trains"] = () => Normalized([Training("x s s s t")]),
        ["a normalization that trains after a convolution"] = () =>
            Normalized([N("Conv", "x f", "a"), Training("a s s s t")]),
        ["statistics in double precision after a convolution"] = () =>
            new Case(
                [N("Conv", "x f", "a"), N("BatchNormalization", "a s s d d", "y")],
                [
                    new Weight("f", Floats(8, 8, 3, 3)),
                    new Weight("s", Floats(8)),
                    new Weight("d", Tensor.Of(new Shape(8), [.. Enumerable.Range(1, 8).Select(i => i / 4.0)])),
                ],
                [("x", Channels)]
            ),
        ["a padded convolution with a bias"] = () => Biased(8),
    };

    public static TheoryData<string> RefusedNames => [.. Refused.Keys];

    public static TheoryData<string> AcceptedNames => [.. Accepted.Keys];

    [Theory]
    [MemberData(nameof(RefusedNames))]
    public void Every_executor_refuses(string name)
    {
        foreach (bool isStated in new[] { true, false })
        foreach (Verdict verdict in Verdicts.Of(() => Refused[name]().Build(isStated)))
        {
            Assert.True(verdict.Refusal is not null, $"{verdict.By} takes {name}");
            Assert.False(verdict.Refusal!.StartsWith("threw", StringComparison.Ordinal), verdict.Refusal);
            Assert.DoesNotContain('\n', verdict.Refusal);
        }
    }

    [Theory]
    [MemberData(nameof(AcceptedNames))]
    public void Every_executor_computes_the_same(string name)
    {
        foreach (bool isStated in new[] { true, false })
        {
            Verdict[] verdicts = Verdicts.Of(() => Accepted[name]().Build(isStated));
            Assert.Null(verdicts[0].Refusal);
            Assert.Null(Verdicts.Difference(verdicts));
        }
    }

    [Fact]
    public void A_resize_of_sizes_known_while_running_stays_within_the_limit()
    {
        const long Limit = 16 << 20;
        var sizes = Tensor.Vector(1L, 1, 1, 4_000_000);
        Attributes cubic = new(("mode", "cubic"));
        var network = new Network(
            "resize",
            [Value("x", OperatorSeeds.Floats(1, 1, 1, 4), true), Value("s", sizes, true)],
            [new ValueInfo("y", new TensorType(ElementType.Float32, null))],
            [new Node("n", OperatorCatalogue.Create("Resize", cubic), ["x", "", "", "s"], ["y"])],
            []
        );
        IReadOnlyList<Tensor> fed = [OperatorSeeds.Floats(1, 1, 1, 4), sizes];
        long before = GC.GetAllocatedBytesForCurrentThread();
        using var plain = new ReferenceExecutor(network, threads: 1) { MaxValueBytes = Limit };
        using InferenceSession session = new InferenceModel(
            network,
            new InferenceOptions { MaxValueBytes = Limit }
        ).CreateSession();
        Assert.Contains("resizing takes", Assert.Throws<ModelException>(() => plain.Run(fed)).Message);
        Assert.Contains("resizing takes", Assert.Throws<ModelException>(() => session.Run(fed)).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 3 * Limit);
    }

    /// <summary>The files that the faults were found with, where they are at hand.</summary>
    [CasesTheory]
    [InlineData("prelu-crash-small.onnx", true)]
    [InlineData("prelu-crash-64-bytes.dcnt", true)]
    [InlineData("prelu-4000000.onnx", true)]
    [InlineData("prelu-rank.onnx", true)]
    [InlineData("clip-empty-min.onnx", true)]
    [InlineData("clip-vector-min.onnx", true)]
    [InlineData("conv-clip-empty.onnx", true)]
    [InlineData("gemm-bias-rank3.onnx", true)]
    [InlineData("mul-2outs.onnx", true)]
    [InlineData("pad-empty-value.onnx", true)]
    [InlineData("qlinmm-scale0.onnx", true)]
    [InlineData("seqlens-big.onnx", true)]
    [InlineData("bn-training.onnx", false)]
    [InlineData("convbn-training.onnx", false)]
    public void Files_get_one_verdict(string file, bool isRefused)
    {
        string path = CasesTheoryAttribute.PathOf($"hostile/{file}");
        Verdict[] verdicts = Verdicts.Of(() =>
        {
            Network network = file.EndsWith(".dcnt", StringComparison.Ordinal)
                ? InferenceModel.Load(path).Network
                : OnnxReader.Read(path);
            return (network, [.. network.Inputs.Select(i => Random(i.Type))]);
        });
        Assert.Null(Verdicts.Difference(verdicts));
        Assert.Equal(isRefused, verdicts[0].Refusal is not null);
    }

    private static Tensor Random(TensorType type)
    {
        Shape shape = new([.. type.Shape!.Value.Dims.Select(d => d < 0 ? 1 : d)]);
        Tensor floats = OperatorSeeds.Floats([.. shape.Dims]);
        for (int i = 1; i < floats.Count; i += 2)
            floats.Span<float>()[i] *= -1;
        return type.Type == ElementType.Float32 ? floats : Tensor.Zeros(type.Type, shape);
    }

    private static Tensor Floats(params int[] dims) => OperatorSeeds.Floats(dims);

    private static Tensor Lengths(int last) =>
        Tensor.Of(new Shape(40), [.. Enumerable.Range(1, 40).Select(i => i == 40 ? last : 3)]);

    private static Node N(string type, string inputs, string outputs) => Node(type, inputs, outputs);

    private static Node Node(string type, string inputs, string outputs, Attributes? attributes = null) =>
        new(
            $"{type} {outputs}",
            OperatorCatalogue.Create(type, attributes ?? Attributes.None),
            [.. inputs.Split(' ')],
            [.. outputs.Split(' ')]
        );

    private static Node Training(string inputs) =>
        Node("BatchNormalization", inputs, "y", new Attributes(("training_mode", 1L)));

    private static Case Fed(Tensor x, Node node, Tensor weight) => new([node], [new Weight("w", weight)], [("x", x)]);

    private static Case Chain(Tensor x, Node first, Node last, Tensor weight) =>
        new([first, last], [new Weight("w", weight)], [("x", x)]);

    private static Case Convolved(Node last, Tensor weight) =>
        new(
            [N("Conv", "x f", "a"), last],
            [new Weight("f", Floats(3, 8, 1, 1)), new Weight("w", weight)],
            [("x", Channels)]
        );

    private static Case Biased(int count) =>
        new(
            [Node("Conv", "x f b", "y", new Attributes(("pads", ImmutableArray.Create<long>(1, 1, 1, 1))))],
            [new Weight("f", Floats(8, 8, 3, 3)), new Weight("b", Floats(count))],
            [("x", Channels)]
        );

    private static Case Normalized(Node[] nodes) =>
        new(
            nodes,
            [
                new Weight("f", Floats(8, 8, 3, 3)),
                new Weight("s", Floats(8)),
                new Weight("t", Tensor.Of(new Shape(8), [.. Enumerable.Range(1, 8).Select(i => i / 2f)])),
            ],
            [("x", Channels)]
        );

    /// <summary>40 sequences of 3 steps, whose lengths come from m.</summary>
    private static Case Recurrent(Node[] before, Tensor lengths, params Weight[] weights) =>
        new(
            [.. before, N("LSTM", "x w r  m", "y")],
            [new Weight("w", Floats(1, 16, 2)), new Weight("r", Floats(1, 16, 4)), .. weights],
            [("x", Floats(3, 40, 2)), ("l", lengths)]
        );

    private static ValueInfo Value(string name, Tensor value, bool isStated) =>
        new(name, new TensorType(value.Type, isStated ? value.Shape : null));

    /// <summary>A network whose output is y, and what it is fed.</summary>
    private sealed record Case(Node[] Nodes, Weight[] Weights, (string Name, Tensor Value)[] Inputs)
    {
        public (Network Network, Tensor[] Fed) Build(bool isStated) =>
            (
                new Network(
                    "hostile",
                    [.. Inputs.Select(i => Value(i.Name, i.Value, isStated))],
                    [new ValueInfo("y", new TensorType(ElementType.Float32, null))],
                    [.. Nodes],
                    Weights
                ),
                [.. Inputs.Select(i => i.Value)]
            );
    }
}
