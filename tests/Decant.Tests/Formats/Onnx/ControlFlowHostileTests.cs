using System.Diagnostics;
using Decant.Core;
using Decant.Formats.Onnx;
using Decant.Runtime;
using Decant.Tests.Mutation;
using Xunit;

namespace Decant.Tests.Formats.Onnx;

/// <summary>Graphs that do not fit their nodes are refused in one line; runs without end stop on demand.</summary>
public sealed class ControlFlowHostileTests
{
    private static readonly ElementType Bool = ElementType.Bool,
        Int64 = ElementType.Int64;

    [Fact]
    public void AValueThatIsNotThereIsNamed() =>
        Refused(
            If(new OnnxModelBuilder().Node("Add", "x nobody", "t").Output("t", 1)),
            "node 'n_t' (Add): reads 'nobody', which nothing makes"
        );

    [Fact]
    public void ABranchHasNoInputs() =>
        Refused(
            If(new OnnxModelBuilder().Input("u", 1).Node("Neg", "u", "t").Output("t", 1)),
            "node 'n_y' (If): graph 'then_branch' has 1 inputs and 1 outputs; 0 inputs and 1 outputs are expected"
        );

    [Fact]
    public void BranchesMakeAsManyOutputs() =>
        Refused(
            If(new OnnxModelBuilder().Node("Neg", "x", "t").Node("Abs", "x", "u").Output("t", 1).Output("u", 1)),
            "node 'n_y' (If): its branches have 1 and 1 inputs, 2 and 1 outputs; both must have as many"
        );

    [Fact]
    public void ALoopGivesItsBodyWhatItTakes() =>
        Refused(
            Loop(Body().Input("more", 1).Node("Neg", "v", "next").Output("go2", Bool).Output("next", 1)),
            "node 'n_y' (Loop): graph 'body' has 4 inputs and 2 outputs; 3 inputs and 2 outputs are expected"
        );

    [Fact]
    public void AValueKeepsItsType() =>
        Refused(
            Loop(Body().Node("Cast", "v", "next", ("to", 7L)).Output("go2", Bool).Output("next", Int64, 1)),
            "node 'n_y' (Loop): 'v' is Float32 before an iteration and Int64 after it"
        );

    [Fact]
    public void ANodeThatRunsNoGraphsHasNone() =>
        Refused(
            new OnnxModelBuilder()
                .Input("x", 1)
                .Node("Relu", "x", "y", ("body", new OnnxModelBuilder().Output("x", 1)))
                .Output("y", 1),
            "node 'n_y' (Relu): attribute 'body' is a graph; graphs are run by If, Loop and Scan"
        );

    [Fact]
    public void TheCountOfCapturedValuesIsNotTheFilesToGive() =>
        Refused(
            Loop(Body().Node("Neg", "v", "next").Output("go2", Bool).Output("next", 1), ("captured", 1L)),
            "node 'n_y' (Loop): attribute 'captured' is not known"
        );

    [Theory]
    [InlineData(32, true)]
    [InlineData(33, false)]
    [InlineData(1000, false)]
    public void GraphsLieInEachOtherOnlySoDeep(int depth, bool isRead)
    {
        var graph = new OnnxModelBuilder().Node("Neg", "x", "t0").Output("t0", 1);
        for (int i = 1; i < depth; i++)
            graph = new OnnxModelBuilder()
                .Node("If", "c", $"t{i}", ("then_branch", graph), ("else_branch", Same($"e{i}")))
                .Output($"t{i}", 1);
        if (!isRead)
        {
            DecantException e = Assert.ThrowsAny<DecantException>(() => If(graph).Read());
            Assert.Contains(
                depth == 33 ? "graphs lie in each other more than 32 deep" : "more than 120 deep",
                e.Message
            );
            return;
        }
        Network network = If(graph).Read(),
            decoded = ControlFlowTests.Container(network);
        using var executor = new ReferenceExecutor(decoded);
        using InferenceSession session = new InferenceModel(decoded).CreateSession();
        foreach (bool condition in new[] { true, false })
        foreach (IExecutor each in new IExecutor[] { executor, session })
            Assert.Equal(
                condition ? -5f : 5,
                each.Run([Tensor.Of(Shape.Scalar, [condition]), Tensor.Vector(5f)])[0].Array<float>()[0]
            );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ALoopWithoutEndStopsWhenItIsTold(bool planned)
    {
        Network network = Loop(Body().Node("Neg", "v", "next").Output("go2", Bool).Output("next", 1)).Read();
        using IExecutor executor = planned
            ? new InferenceModel(network).CreateSession()
            : new ReferenceExecutor(network);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        var time = Stopwatch.StartNew();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Task.Run(() => executor.Run([Tensor.Scalar(long.MaxValue), Tensor.Vector(1f)], stop.Token))
        );
        Assert.InRange(time.Elapsed.TotalSeconds, 0, 10);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatIsStackedCountsAsMemory(bool planned)
    {
        const long most = 1 << 20;
        Network network = Loop(
                Body()
                    .Node("Neg", "v", "next")
                    .Node("Abs", "v", "seen")
                    .Output("go2", Bool)
                    .Output("next", 1)
                    .Output("seen", 1),
                "y all"
            )
            .Read();
        using IExecutor executor = planned
            ? new InferenceModel(network, new InferenceOptions { MaxValueBytes = most }).CreateSession()
            : new ReferenceExecutor(network) { MaxValueBytes = most };
        ModelException e = Assert.Throws<ModelException>(() =>
            executor.Run([Tensor.Scalar(long.MaxValue), Tensor.Vector(1f)])
        );
        Assert.StartsWith("node 'n_y' (Loop): 'seen', of ", e.Message);
        Assert.Equal(1000, executor.Run([Tensor.Scalar(1000L), Tensor.Vector(1f)])[1].Count);
    }

    [Fact]
    public void DamagedModelsAreReadOrRefused()
    {
        foreach (var (_, model, _) in ControlFlowModels.All())
            Hostile.Run(model.Build(), 150, 5, bytes => OnnxReader.Read(new MemoryStream(bytes)), _ => 16 << 20);
    }

    private static void Refused(OnnxModelBuilder model, string message) =>
        Assert.Equal(message, Assert.ThrowsAny<DecantException>(() => model.Read()).Message);

    private static OnnxModelBuilder If(OnnxModelBuilder then) =>
        new OnnxModelBuilder()
            .Input("c", Bool)
            .Input("x", 1)
            .Node("If", "c", "y", ("then_branch", then), ("else_branch", Same("e")))
            .Output("y", 1);

    private static OnnxModelBuilder Same(string name) =>
        new OnnxModelBuilder().Node("Identity", "x", name).Output(name, 1);

    private static OnnxModelBuilder Body() =>
        new OnnxModelBuilder().Input("i", Int64).Input("go", Bool).Input("v", 1).Node("Identity", "go", "go2");

    private static OnnxModelBuilder Loop(OnnxModelBuilder body, params (string, object)[] more) =>
        Loop(body, "y", more);

    private static OnnxModelBuilder Loop(OnnxModelBuilder body, string outputs, params (string, object)[] more) =>
        new OnnxModelBuilder()
            .Input("n", Int64)
            .Input("x", 1)
            .Node("Loop", "n - x", outputs, [("body", body), .. more])
            .Output("y", 1)
            .Odd("Identity", outputs.Split(' ')[^1], "last", _ => { })
            .Output("last", "T");
}
