using Decant.Core;
using Decant.Core.Operators;
using Xunit;

namespace Decant.Tests.Graphs;

public sealed class NetworkRewriterTests
{
    [Fact]
    public void NamesCollideWithNoValueWeightOrNode()
    {
        Network network = GraphIndexTests.Network(
            [GraphIndexTests.Add("w.bias", "x", "w", "y"), GraphIndexTests.Add("b", "y", "v", "w.bias.2")],
            "w.bias.2"
        );
        var rewriter = new NetworkRewriter(network);
        Assert.Equal("w.bias.3", rewriter.UniqueName("w.bias"));
        Assert.Equal("w.bias.4", rewriter.UniqueName("w.bias"));
        Assert.Equal("x.2", rewriter.UniqueName("x"));
        Assert.Equal("w.2.bias", rewriter.UniqueName("w", ".bias"));
        Assert.Equal("free", rewriter.UniqueName("free"));
        Assert.Equal("free.2", rewriter.UniqueName("free"));
        Assert.Equal("v.2", rewriter.AddWeight("v", Tensor.Scalar(1f)));
    }

    [Fact]
    public void NodesAreReplacedInsertedAndRemovedByIdentity()
    {
        Node first = GraphIndexTests.Add("same", "x", "w", "y"),
            second = GraphIndexTests.Add("same", "y", "v", "z"),
            third = GraphIndexTests.Add("c", "z", "z", "u");
        Network network = GraphIndexTests.Network([first, second, third], "u");
        var rewriter = new NetworkRewriter(network);
        rewriter.Replace(second, Relu("relu", "y", "r"), second with { Inputs = ["r", "v"] });
        rewriter.InsertFirst(Relu("before", "x", "x.relu"));
        rewriter.InsertAfter(first, Relu("after", "y", "y.relu"), Relu("after2", "y.relu", "y.relu2"));
        rewriter.Redirect("x", "x.relu", n => n.Operator is Add);
        Network made = rewriter.ToNetwork();
        Assert.Equal(["before", "same", "after", "after2", "relu", "same", "c"], made.Nodes.Select(n => n.Name));
        Assert.Equal(["x.relu", "w"], made.Nodes[1].Inputs.ToArray());
        Assert.Equal("x", made.Nodes[0].Inputs[0]);
        Assert.Same(third, made.Nodes[^1]);
        Assert.Throws<ArgumentException>(() => rewriter.Remove(second));
    }

    [Fact]
    public void AWeightThatNobodyReadsAnyLongerGoes()
    {
        Node first = GraphIndexTests.Add("a", "x", "w", "y"),
            second = GraphIndexTests.Add("b", "y", "y", "u");
        Network network = GraphIndexTests.Network([first, second], "u");
        var rewriter = new NetworkRewriter(network);
        string unused = rewriter.AddWeight("unused", Tensor.Scalar(1f));
        rewriter.Replace(first, first with { Inputs = ["x", rewriter.AddWeight("w", Tensor.Vector(5f, 6f))] });
        Network made = rewriter.ToNetwork();
        // "v" was read by nobody from the beginning, and is not the rewriter's to remove.
        Assert.Equal(["v", "w.2"], made.Weights.Select(w => w.Name));
        Assert.Equal("unused", unused);
    }

    [Fact]
    public void AnInputsOwnConstantIsReplacedAndASharedOneIsNot()
    {
        Node first = GraphIndexTests.Add("a", "x", "w", "y"),
            second = GraphIndexTests.Add("b", "y", "w", "z"),
            third = GraphIndexTests.Add("c", "z", "v", "u");
        var rewriter = new NetworkRewriter(GraphIndexTests.Network([first, second, third], "u"));
        var values = new DenseEncoding(Tensor.Vector(7f, 8f));
        Assert.Equal("bias", rewriter.SetInput(second, 1, "bias", values));
        Assert.Equal("v", rewriter.SetInput(third, 1, "bias", values));
        Assert.Equal("bias.2", rewriter.SetInput(third, 2, "bias", values));
        Assert.Equal([7f, 8f], rewriter.ToNetwork().Weights["v"].Encoding.Decode().Array<float>());
    }

    [Fact]
    public void ABypassedNodeLeavesItsOutputToTheOneBefore()
    {
        Node first = GraphIndexTests.Add("a", "x", "w", "y"),
            relu = Relu("relu", "y", "u");
        var rewriter = new NetworkRewriter(GraphIndexTests.Network([first, relu], "u"));
        rewriter.Bypass(relu);
        Node left = Assert.Single(rewriter.ToNetwork().Nodes);
        Assert.Equal(("a", "u"), (left.Name, left.Outputs[0]));
    }

    [Fact]
    public void AWeightsNameCanBecomeANodesOutput()
    {
        Node sum = GraphIndexTests.Add("a", "x", "w", "u");
        Network network = GraphIndexTests.Network([sum], "u");
        var rewriter = new NetworkRewriter(network);
        rewriter.RemoveWeight("w");
        rewriter.InsertFirst(Relu("relu", rewriter.AddWeight("w", Tensor.Vector(1f, 2f), ".codes"), "w"));
        Network made = rewriter.ToNetwork();
        Assert.Equal("w.codes", made.Nodes[0].Inputs[0]);
        Assert.False(made.Weights.TryGet("w", out _));
    }

    private static Node Relu(string name, string input, string output) =>
        new(name, new Relu(Attributes.None), [input], [output]);
}
