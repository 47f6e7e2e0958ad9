using System.Collections.Immutable;
using Decant.Core;
using Decant.Core.Operators;
using Xunit;

namespace Decant.Tests.Graphs;

public sealed class GraphIndexTests
{
    private static readonly TensorType Floats = new(ElementType.Float32, new Shape(2));

    [Fact]
    public void ProducersAndConsumersAreFoundInOrder()
    {
        Node first = Add("a", "x", "x", "y"),
            second = Add("b", "y", "w", "z"),
            third = Add("c", "y", "z", "u");
        var network = Network([first, second, third], "u", "y");
        GraphIndex graph = network.Graph;
        Assert.Same(first, graph.Producer("y"));
        Assert.Null(graph.Producer("x"));
        Assert.Null(graph.Producer("w"));
        Assert.Equal([second, third], graph.Consumers("y"));
        Assert.Equal([first], graph.Consumers("x"));
        Assert.Equal(2, graph.Uses("x"));
        Assert.Empty(graph.Consumers("u"));
        Assert.Empty(graph.Consumers(""));
        Assert.Same(third, graph.OnlyConsumer("z"));
        Assert.Null(graph.OnlyConsumer("y"));
        Assert.Null(graph.OnlyConsumer("u"));
        Assert.True(graph.IsOutput("y"));
        Assert.False(graph.IsOutput("z"));
        Assert.Equal([0, 1, 2], network.Nodes.Select(graph.Position));
        Assert.Same(graph, network.Graph);
    }

    [Fact]
    public void NodesOfOneNameAreTwoNodes()
    {
        Node first = Add("same", "x", "x", "y"),
            second = Add("same", "y", "y", "u");
        GraphIndex graph = Network([first, second], "u").Graph;
        Assert.Equal(0, graph.Position(first));
        Assert.Equal(1, graph.Position(second));
        Assert.NotEqual(first, first with { });
        Assert.False(graph.Contains(first with { }));
        Assert.Throws<ArgumentException>(() => graph.Position(first with { }));
    }

    [Fact]
    public void AValueThatIsReadOnlyByAnOutputHasNoOnlyConsumer()
    {
        Node first = Add("a", "x", "w", "y"),
            second = Add("b", "y", "w", "u");
        GraphIndex graph = Network([first, second], "y", "u").Graph;
        Assert.Equal([second], graph.Consumers("y"));
        Assert.Null(graph.OnlyConsumer("y"));
    }

    internal static Node Add(string name, string a, string b, string output) =>
        new(name, new Add(Attributes.None), [a, b], [output]);

    internal static Network Network(ImmutableArray<Node> nodes, params string[] outputs) =>
        new(
            "",
            [new ValueInfo("x", Floats)],
            [.. outputs.Select(o => new ValueInfo(o, Floats))],
            nodes,
            [new Weight("w", Tensor.Vector(1f, 2f)), new Weight("v", Tensor.Vector(3f, 4f))]
        );
}
