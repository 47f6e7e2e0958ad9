using Decant.Core;
using Decant.Core.Operators;
using Decant.Runtime;
using Xunit;

namespace Decant.Tests.Formats.Onnx;

/// <summary>Functions of a model: their nodes take the place of those that name them.</summary>
public sealed class FunctionTests
{
    private const string Own = "own";

    [Fact]
    public void NodesOfAFunctionTakeItsPlace()
    {
        Network network = Model()
            .Function(Own, "Twice", "a b", "c", f => f.Node("Relu", "a", "t").Node("Add", "t b", "c"))
            .Of(Own, "Twice", "x x", "t")
            .Of(Own, "Twice", "t x", "y")
            .Read();
        Assert.Equal(["Relu", "Add", "Relu", "Add"], network.Nodes.Select(n => n.Operator.Type));
        Assert.Equal([-1, 6], Run(network, -1, 2));
    }

    [Fact]
    public void AttributesOfACallAreThoseOfTheBodyOrTheirDefaults()
    {
        Network network = Model()
            .Function(Own, "Leaky", "a", "c", f =>
                f.Attribute("slope", 0.5f).Refers("LeakyRelu", "a", "c", "alpha", "slope")
            )
            .Of(Own, "Leaky", "x", "t")
            .Of(Own, "Leaky", "t", "y", ("slope", 0.25f))
            .Read();
        Assert.Equal([0.5f, 0.25f], network.Nodes.Select(n => ((LeakyRelu)n.Operator).Alpha));
    }

    [Fact]
    public void FunctionsCallFunctionsAndLeaveInputsOut()
    {
        Network network = Model()
            .Function(Own, "Clipped", "a low high", "c", f => f.Node("Clip", "a low high", "c"))
            .Function(Own, "Outer", "a low", "c", f => f.Of(Own, "Clipped", "a low", "c"))
            .Weight("low", Tensor.Scalar(1f))
            .Of(Own, "Outer", "x low", "y")
            .Read();
        Assert.Equal([1, 2], Run(network, -1, 2));
    }

    [Fact]
    public void ABodyOfAnOlderOpsetIsUpgraded()
    {
        Network network = Model()
            .Function(Own, "Six", "a", "c", f => f.Node("Clip", "a", "c", ("min", 0f), ("max", 1f)), opset: 6)
            .Of(Own, "Six", "x", "y")
            .Read();
        Assert.Equal([0, 1], Run(network, -1, 2));
    }

    [Theory]
    [InlineData("node 'c' (Endless): function 'own::Endless' calls itself", "Endless")]
    [InlineData("node 'y' (Relus): it has 1 inputs and 1 outputs; function 'own::Relus' has 0 and 1", "Relus")]
    [InlineData("node 'y' (Nothing): operator 'Nothing' of domain 'own' is not supported", "Nothing")]
    public void WhatCannotBeIsRefused(string message, string called)
    {
        OnnxModelBuilder model = Model()
            .Function(Own, "Endless", "a", "c", f => f.Of(Own, "Endless", "a", "c"))
            .Function(Own, "Relus", "", "c", f => f.Node("Constant", "", "c", ("value_float", 1f)))
            .Of(Own, called, "x", "y");
        Assert.StartsWith(message, Assert.Throws<ModelException>(() => model.Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FunctionsThatGrowWithoutEndAreRefused()
    {
        OnnxModelBuilder model = Model();
        for (int i = 0; i < 40; i++)
        {
            string inner = i == 0 ? "Last" : $"F{i - 1}";
            model.Function(Own, $"F{i}", "a", "c", f => f.Of(Own, inner, "a", "t").Of(Own, inner, "t", "c"));
        }
        model.Function(Own, "Last", "a", "c", f => f.Node("Identity", "a", "c")).Of(Own, "F39", "x", "y");
        var refused = Assert.Throws<ModelException>(() => model.Read());
        Assert.Contains("nested too deep", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ABodyReadsNothingFromOutside()
    {
        OnnxModelBuilder model = Model().Function(Own, "Odd", "a", "c", f => f.Node("Add", "a x", "c"));
        string message = Assert.Throws<ModelException>(() => model.Of(Own, "Odd", "x", "y").Read()).Message;
        Assert.StartsWith("function 'own::Odd': ", message, StringComparison.Ordinal);
        Assert.EndsWith("reads 'x', which nothing makes", message, StringComparison.Ordinal);
    }

    private static OnnxModelBuilder Model() => new OnnxModelBuilder().Input("x", 2).Output("y", 2);

    private static float[] Run(Network network, params float[] x)
    {
        using var executor = new ReferenceExecutor(network);
        return executor.Run([Tensor.Vector(x)])[0].Array<float>();
    }
}
