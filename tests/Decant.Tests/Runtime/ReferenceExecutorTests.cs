using System.Collections.Immutable;
using Decant.Core;
using Decant.Core.Channels;
using Decant.Core.Channels.Rules;
using Decant.Runtime;
using Decant.Tests.Operators;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Runtime;

public sealed class ReferenceExecutorTests
{
    [Fact]
    public void EveryOperatorHasAKernel()
    {
        foreach (OperatorSeed seed in OperatorSeeds.All)
        {
            Operator op = OperatorCatalogue.Create(seed.Type, seed.Attributes);
            Assert.NotNull(Decant.Runtime.Kernels.PlainBody.KernelOf(new Node("n", op, [], ["y"])));
        }
    }

    [Fact]
    public void AnOperatorWithoutAKernelIsNamedAtConstruction()
    {
        var network = new Network("", [Info("x")], [Info("y")], [new Node("odd", new Unheard(), ["x"], ["y"])], []);
        Assert.Equal(
            "node 'odd' (Unheard): the runtime has no kernel for operator 'Unheard'",
            Assert.Throws<ModelException>(() => new ReferenceExecutor(network)).Message
        );
    }

    [Fact]
    public void ANetworkRunsInOrderAndGivesEveryOutput()
    {
        using var executor = new ReferenceExecutor(Diamond(), 1);
        IReadOnlyList<Tensor> y = executor.Run([Tensor.Of(new Shape(1, 2), new float[] { 1, -3 })]);
        Assert.Equal([11, 0], y[0].Array<float>());
        Assert.Equal([12, -3], y[1].Array<float>());
        Assert.Equal("runtime", executor.Name);
    }

    [Fact]
    public void OutputsNeverShareAWeightOrAnInput()
    {
        Tensor w = Tensor.Vector(1f, 2f),
            x = Tensor.Vector(3f, 4f);
        var node = new Node("r", OperatorCatalogue.Create("Reshape", Attributes.None), ["x", "to"], ["y"]);
        var network = new Network(
            "",
            [Info("x")],
            [Info("w"), Info("x"), Info("y")],
            [node],
            [new Weight("w", w), new Weight("to", Tensor.Vector(2L))]
        );
        using var executor = new ReferenceExecutor(network);
        foreach (Tensor t in executor.Run([x]))
            t.Span<float>().Fill(-1);
        Assert.Equal([1, 2], executor.Run([x])[0].Array<float>());
        Assert.Equal([3, 4], x.Array<float>());
    }

    [Fact]
    public void EncodedWeightsCountAsTheirNumbers()
    {
        var sparse = new SparseEncoding(new Shape(2, 2), [1], [5]);
        var node = new Node("m", OperatorCatalogue.Create("MatMul", Attributes.None), ["x", "w"], ["y"]);
        using var executor = new ReferenceExecutor(
            new Network("", [Info("x")], [Info("y")], [node], [new Weight("w", sparse)])
        );
        Assert.Equal([0, 10], executor.Run([Tensor.Of(new Shape(1, 2), new float[] { 2, 3 })])[0].Array<float>());
    }

    [Fact]
    public void InputsThatDoNotFitAreNamed()
    {
        using var executor = new ReferenceExecutor(Diamond());
        string Message(params Tensor[] inputs) => Assert.Throws<ModelException>(() => executor.Run(inputs)).Message;
        Assert.Equal("0 inputs given; the network expects 1: x", Message());
        Assert.Equal(
            "input 'x' is Int32 1×2; the network expects Float32 N×2",
            Message(Tensor.Of(new Shape(1, 2), new int[2]))
        );
        Assert.Equal(
            "input 'x' is Float32 1×3; the network expects Float32 N×2",
            Message(Tensor.Of(new Shape(1, 3), new float[3]))
        );
        Assert.Equal("input 'x' is Float32 2; the network expects Float32 N×2", Message(Tensor.Vector(1f, 2f)));
    }

    [Fact]
    public void AFailingNodeIsNamed()
    {
        var node = new Node("sum", OperatorCatalogue.Create("Add", Attributes.None), ["x", "w"], ["y"]);
        using var executor = new ReferenceExecutor(
            new Network("", [Info("x")], [Info("y")], [node], [new Weight("w", Tensor.Vector(1f, 2f))])
        );
        Assert.Equal(
            "node 'sum' (Add): shapes 3 and 2 do not broadcast",
            Assert.Throws<ModelException>(() => executor.Run([Tensor.Vector(1f, 2f, 3f)])).Message
        );
    }

    [Fact]
    public void ATargetShapeOfTheWrongTypeIsSaid()
    {
        var e = Assert.Throws<ModelException>(() =>
            Run("Reshape", Attributes.None, Tensor.Vector(1f), Tensor.Vector(1f))
        );
        Assert.Equal("node 'n' (Reshape): input 1 holds Float32; possible are Int32 and Int64", e.Message);
    }

    [Fact]
    public void CancellationStopsIt()
    {
        using var executor = new ReferenceExecutor(Diamond());
        Assert.Throws<OperationCanceledException>(() =>
            executor.Run([Tensor.Of(new Shape(1, 2), new float[2])], new CancellationToken(true))
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReferenceExecutor(Diamond(), -1));
    }

    [Fact]
    public void ValuesAreLetGoAfterTheirLastReader()
    {
        var schedule = new Schedule(Diamond());
        Tensor?[] values = schedule.Begin([Tensor.Of(new Shape(1, 2), new float[2])]);
        var threads = new Threads(1, default);
        var memory = new RunMemory(values.Length, long.MaxValue);
        int[] held =
        [
            .. schedule.Steps.Select(s =>
            {
                s.Run(values, threads, memory);
                return values.Count(v => v is not null);
            }),
        ];
        // x and s; x and y; y and back.
        Assert.Equal([2, 2, 2], held);
    }

    /// <summary>y = relu(x + b) and back = y + x.</summary>
    private static Network Diamond() =>
        new(
            "diamond",
            [new ValueInfo("x", new TensorType(ElementType.Float32, new Shape(Shape.Unknown, 2)))],
            [Info("y"), Info("back")],
            [
                new Node("sum", OperatorCatalogue.Create("Add", Attributes.None), ["x", "b"], ["s"]),
                new Node("relu", OperatorCatalogue.Create("Relu", Attributes.None), ["s"], ["y"]),
                new Node("back", OperatorCatalogue.Create("Add", Attributes.None), ["y", "x"], ["back"]),
            ],
            [new Weight("b", Tensor.Vector(10f, 0f))]
        );

    private static ValueInfo Info(string name) => new(name, new TensorType(ElementType.Float32, null));

    private sealed class Unheard() : Operator("Unheard", Attributes.None, (1, 1))
    {
        public override OperatorTraits Traits => OperatorTraits.None;

        internal override ChannelRule ChannelRule => ChannelRules.Unknown;

        public override long Macs(OperatorInputs inputs) => 0;

        public override LayerAxes? AxesOf(int input, Shape weight) => null;

        public override bool IsSetting(int input) => false;

        public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => inputs.Types;
    }
}
