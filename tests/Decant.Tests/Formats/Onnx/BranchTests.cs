using System.Collections.Immutable;
using Decant.Core;
using Decant.Formats.Onnx;
using Decant.Formats.Onnx.Wire;
using Decant.Runtime;
using Xunit;

namespace Decant.Tests.Formats.Onnx;

/// <summary>An If whose condition is known at import is the branch that it takes; inputs may be given then.</summary>
public sealed class BranchTests
{
    [Theory]
    [InlineData(16000, 3f)]
    [InlineData(8000, -2f)]
    public void AnInputThatIsGivenDecides(long rate, float expected)
    {
        Network network = Rates().Read(options: Given("rate", rate));
        Assert.Equal(["x"], network.Inputs.Select(i => i.Name));
        Assert.Equal(expected, Answer(network, Tensor.Vector(1f)));
    }

    [Theory]
    [InlineData(16000, 3f)]
    [InlineData(8000, -2f)]
    public void WithoutItARunDecides(long rate, float expected)
    {
        Network network = Rates().Read();
        Assert.Equal(["x", "rate"], network.Inputs.Select(i => i.Name));
        Assert.Equal(expected, Answer(network, Tensor.Vector(1f), Tensor.Scalar(rate)));
    }

    [Fact]
    public void BranchesReadWhatIsAroundThemAndHaveNamesOfTheirOwn()
    {
        // Both branches, and the graph around them, have a value a; the inner If reads two scopes out.
        OnnxModelBuilder inner = new OnnxModelBuilder().Node("Add", "a x", "t").Output("t", 1);
        OnnxModelBuilder taken = new OnnxModelBuilder()
            .Weight("w", Tensor.Vector(10f))
            .Node("Mul", "x w", "a")
            .Node("If", "yes", "r", ("then_branch", inner), ("else_branch", Constant("r", -1)))
            .Output("r", 1);
        Network network = new OnnxModelBuilder()
            .Input("x", 1)
            .Weight("yes", Tensor.Of(Shape.Scalar, [true]))
            .Weight("w", Tensor.Vector(100f))
            .Node("Mul", "x w", "b")
            .Node("If", "yes", "c", ("then_branch", taken), ("else_branch", Constant("a", 1)))
            .Node("Add", "b c", "y")
            .Output("y", 1)
            .Read();
        Assert.Equal(2 * 100f + 2 * 10f + 2, Answer(network, Tensor.Vector(2f)));
        Assert.Equal(network.Nodes.Length, network.Nodes.Select(n => n.Name).Distinct().Count());
    }

    [Fact]
    public void ABranchMayHandOnWhatIsAroundIt()
    {
        Network network = new OnnxModelBuilder()
            .Input("x", 1)
            .Weight("no", Tensor.Of(new Shape(1), [false]))
            .Node(
                "If",
                "no",
                "y",
                ("then_branch", Constant("t", 1)),
                ("else_branch", new OnnxModelBuilder().Output("x", 1))
            )
            .Output("y", 1)
            .Read();
        Assert.Equal(5f, Answer(network, Tensor.Vector(5f)));
    }

    [Fact]
    public void AConditionOnASizeIsKnownOnceTheSizeIs()
    {
        OnnxModelBuilder Model() =>
            new OnnxModelBuilder()
                .Input("x", "length")
                .Weight("one", Tensor.Vector(1L))
                .Node("Shape", "x", "s")
                .Node("Equal", "s one", "single")
                .Node("If", "single", "y", ("then_branch", Constant("t", 7)), ("else_branch", Constant("e", 9)))
                .Output("y", 1);
        Network open = Model().Read();
        Assert.Equal((7f, 9f), (Answer(open, Tensor.Vector(0f)), Answer(open, Tensor.Vector(0f, 0))));
        Assert.Equal(7f, Answer(Model().Read(options: Given("length", 1)), Tensor.Vector(0f)));
        OnnxReadOptions three = new() { Shapes = ImmutableDictionary<string, Shape>.Empty.Add("x", new Shape(3)) };
        Network network = Model().Read(options: three);
        Assert.Equal(new Shape(3), network.Inputs[0].Type.Shape);
        Assert.Equal(9f, Answer(network, Tensor.Vector(0f, 0, 0)));
    }

    [Theory]
    [InlineData("nobody", 1.0, "no input and no size called 'nobody'")]
    [InlineData("rate", 0.5, "takes Int64, and 0.5 is given")]
    public void WhatIsGivenMustFit(string name, double value, string message)
    {
        OnnxReadOptions options = new()
        {
            Fixed = ImmutableDictionary<string, ImmutableArray<double>>.Empty.Add(name, [value]),
        };
        Assert.Contains(message, Assert.Throws<ModelException>(() => Rates().Read(options: options)).Message);
    }

    [Fact]
    public void AShapeThatIsGivenMustFit()
    {
        OnnxReadOptions options = new() { Shapes = ImmutableDictionary<string, Shape>.Empty.Add("x", new Shape(2)) };
        Assert.Equal(
            "input 'x' is 1, and 2 is given",
            Assert.Throws<ModelException>(() => Rates().Read(options: options)).Message
        );
    }

    [Fact]
    public void NodesMayComeInAnyOrder()
    {
        Network network = new OnnxModelBuilder()
            .Input("x", 1)
            .Node("Neg", "b", "y")
            .Node("Relu", "a", "b")
            .Node("Sqrt", "x", "a")
            .Output("y", 1)
            .Read();
        Assert.Equal(["Sqrt", "Relu", "Neg"], network.Nodes.Select(n => n.Operator.Type));
        Assert.Equal(-3f, Answer(network, Tensor.Vector(9f)));
    }

    [Fact]
    public void NodesInACircleAreRefused()
    {
        OnnxModelBuilder model = new OnnxModelBuilder()
            .Input("x", 1)
            .Node("Add", "x b", "a")
            .Node("Relu", "a", "b")
            .Node("Neg", "b", "y")
            .Output("y", 1);
        Assert.Equal(
            "node 'n_a' (Add): reads what is made of its own output: nodes read each other in a circle",
            Assert.Throws<ModelException>(() => model.Read()).Message
        );
    }

    [Fact]
    public void GraphsInEachOtherWithoutEndAreRefused()
    {
        var graph = new WireWriter();
        for (int i = 0; i < 1000; i++)
        {
            WireWriter attribute = new WireWriter().Text(1, "then_branch").Message(6, graph).Int64(20, 5);
            graph = new WireWriter().Message(1, new WireWriter().Text(4, "If").Message(5, attribute));
        }
        byte[] model = [.. new WireWriter().Message(7, graph).Message(8, new WireWriter().Int64(2, 21)).Written.Span];
        FileFormatException e = Assert.Throws<FileFormatException>(() => OnnxReader.Read(new MemoryStream(model)));
        Assert.Contains("more than 120 deep", e.Message);
    }

    /// <summary>x + 2 at a rate of 16,000, and x − 3 at any other.</summary>
    private static OnnxModelBuilder Rates()
    {
        OnnxModelBuilder Branch(string type, float number) =>
            new OnnxModelBuilder().Weight("k", Tensor.Vector(number)).Node(type, "x k", "z").Output("z", 1);
        return new OnnxModelBuilder()
            .Input("x", 1)
            .Input("rate", ElementType.Int64)
            .Weight("high", Tensor.Scalar(16000L))
            .Node("Equal", "rate high", "fast")
            .Node("If", "fast", "y", ("then_branch", Branch("Add", 2)), ("else_branch", Branch("Sub", 3)))
            .Output("y", 1);
    }

    private static OnnxModelBuilder Constant(string name, float value) =>
        new OnnxModelBuilder().Weight(name, Tensor.Vector(value)).Output(name, 1);

    private static OnnxReadOptions Given(string name, long value) =>
        new() { Fixed = ImmutableDictionary<string, ImmutableArray<double>>.Empty.Add(name, [value]) };

    private static float Answer(Network network, params Tensor[] fed)
    {
        using var executor = new ReferenceExecutor(network);
        return executor.Run(fed)[0].Array<float>()[0];
    }
}
