using System.Collections.Immutable;
using Decant.Core;
using Decant.Core.Operators;
using Decant.Data;
using Decant.Techniques.Statistics;
using Xunit;

namespace Decant.Tests.Techniques.Statistics;

public sealed class NetworkObserverTests
{
    private const int Examples = 6,
        Steps = 3,
        Size = 2;

    private static readonly float[] Values = [.. Enumerable.Range(0, Examples * Steps * Size).Select(i => (float)i)];

    [Fact]
    public void AnActivationWhoseOtherAxisCountsTheExamplesIsSeenExampleByExample()
    {
        Network network = Of(new Transpose(new Attributes(("perm", ImmutableArray.Create(1L, 0L, 2L)))), ["x"]);
        Assert.Equal(Values, Seen(network, out Shape shape));
        Assert.Equal(new Shape(Steps, Size), shape);
    }

    [Fact]
    public void AnActivationThatCountsExamplesAndStepsIsSeenExampleByExample()
    {
        var rows = new Weight("rows", new DenseEncoding(Tensor.Vector(-1L, Size)));
        Network network = Of(new Reshape(Attributes.None), ["x", "rows"], rows);
        Assert.Equal(Values, Seen(network, out Shape shape));
        Assert.Equal(new Shape(Steps, Size), shape);
    }

    [Fact]
    public void AnActivationThatDoesNotCountThemIsRefused()
    {
        Network network = Of(new ReduceSum(new Attributes(("keepdims", 0L))), ["x"]);
        string message = Assert.Throws<ModelException>(() => Seen(network, out _)).Message;
        Assert.Contains("'y'", message, StringComparison.Ordinal);
        Assert.Contains("an axis counts the examples", message, StringComparison.Ordinal);
    }

    private static float[] Seen(Network network, out Shape shape)
    {
        var data = new ArraySource("s", [new("x", Tensor.Of(new Shape(Examples, Steps, Size), Values))]);
        using var observer = new NetworkObserver(network, ["y"], threads: 1);
        var seen = new List<float>();
        Shape found = default;
        new ActivationPass(data, Preprocessing.None).Run([observer], shown =>
        {
            Activation activation = observer["y"];
            found = activation.Shape;
            for (int i = 0; i < shown.Count; i++)
                seen.AddRange(activation[i]);
        });
        shape = found;
        return [.. seen];
    }

    private static Network Of(Operator op, ImmutableArray<string> inputs, params Weight[] weights) =>
        new(
            "n",
            [new ValueInfo("x", new TensorType(ElementType.Float32, new Shape(Shape.Unknown, Steps, Size)))],
            [new ValueInfo("y", new TensorType(ElementType.Float32, null))],
            [new Node("node", op, inputs, ["y"])],
            weights
        );
}
