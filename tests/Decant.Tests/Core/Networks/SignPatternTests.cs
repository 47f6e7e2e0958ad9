using Decant.Core;
using Decant.Core.Operators;
using Xunit;

namespace Decant.Tests.Graphs;

public sealed class SignPatternTests
{
    [Theory]
    [InlineData("GreaterOrEqual", "x zero", "one minus", true)]
    [InlineData("LessOrEqual", "zero x", "one minus", true)]
    [InlineData("Less", "x zero", "minus one", true)]
    [InlineData("Greater", "zero x", "minus one", true)]
    [InlineData("Greater", "x zero", "one minus", false)]
    [InlineData("GreaterOrEqual", "x zero", "minus one", false)]
    [InlineData("GreaterOrEqual", "x one", "one minus", false)]
    [InlineData("Less", "x zero", "minus zero", false)]
    public void SignsAreWhatIsOneFromZeroOn(string comparison, string compared, string results, bool isSign)
    {
        Network network = Signs(comparison, compared, results);
        Assert.Equal(isSign ? "x" : null, SignPattern.SourceOf(network, network.Nodes[1]));
        Assert.Null(SignPattern.SourceOf(network, network.Nodes[0]));
        Assert.Equal(
            isSign ? ["minus", "one", "zero"] : [],
            SignPattern.Constants(network).Distinct().Order(StringComparer.Ordinal)
        );
    }

    internal static Network Signs(string comparison, string compared, string results)
    {
        var type = new TensorType(ElementType.Float32, new Shape(3));
        return new Network(
            "",
            [new ValueInfo("x", type)],
            [new ValueInfo("y", type)],
            [
                new("compare", OperatorCatalogue.Create(comparison, Attributes.None), [.. compared.Split(' ')], ["c"]),
                new("sign", new Where(Attributes.None), ["c", .. results.Split(' ')], ["y"]),
            ],
            [
                new Weight("zero", Tensor.Scalar(0f)),
                new Weight("one", Tensor.Scalar(1f)),
                new Weight("minus", Tensor.Scalar(-1f)),
            ]
        );
    }
}
