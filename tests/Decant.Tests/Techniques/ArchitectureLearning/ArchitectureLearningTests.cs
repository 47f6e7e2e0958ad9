using Decant.Core;
using Decant.Techniques;
using Xunit;

namespace Decant.Tests.Techniques.ArchitectureLearning;

public sealed class ArchitectureLearningTests
{
    [Fact]
    public void AGateIsTheFormulaOfThePaper()
    {
        Network gated = GatedNetworks
            .Gated(GatedNetworks.Plain(3))
            .With("fc1.tsrelu.w", 0, 0.25f, 0.5f, 0.75f, 1, 0.1f)
            .With("fc1.tsrelu.d", 0.3f);
        Tensor images = GatedNetworks.Images(4);
        Tensor before = Value(gated, "fc1", images),
            after = Value(gated, "relu3", images);
        float[] x = before.Array<float>(),
            y = after.Array<float>();
        float[] w = [0, 0.25f, 0.5f, 0.75f, 1, 0.1f];
        Assert.Contains(x, v => v < 0);
        Assert.Contains(x, v => v > 0);
        for (int i = 0; i < x.Length; i++)
            Assert.Equal(x[i] >= 0 ? w[i % 6] * x[i] : w[i % 6] * 0.3f * x[i], y[i], 1e-6f);
    }

    [Fact]
    public void OpenGatesChangeNothing()
    {
        Network plain = GatedNetworks.Plain(3);
        Network gated = GatedNetworks.Gated(plain, ("initial", "1")).With("fc1.tsrelu.d", 0f);
        Tensor images = GatedNetworks.Images(5);
        Assert.Equal(GatedNetworks.Run(plain, images).Array<float>(), GatedNetworks.Run(gated, images).Array<float>());
    }

    [Fact]
    public void EveryLayerButTheLastIsGatedAndOnlyWhatCanCollapseHasADepth()
    {
        Technique technique = Options.Make("architecture-learning", ("activation", "relu"));
        IReadOnlyList<PlannedChange> plan = technique.Plan(GatedNetworks.Context(GatedNetworks.Plain(1)));
        Assert.Equal(
            [
                ("conv1", "a width for each of 3 channels, a ReLU is put in, depth not learnt"),
                ("conv2", "a width for each of 5 channels, depth not learnt"),
                ("fc1", "a width for each of 6 channels, depth learnt: if linear, one layer with 'fc2'"),
            ],
            plan.Select(c => (c.Target, c.What))
        );
    }

    [Fact]
    public void ASecondRoundGatesNothingTwice()
    {
        Network gated = GatedNetworks.Gated(GatedNetworks.Plain(1));
        Assert.DoesNotContain(Options.Make("architecture-learning").Plan(GatedNetworks.Context(gated)), c =>
            c.Target is "conv1" or "conv2" or "fc1"
        );
    }

    [Fact]
    public void TheLastLayerAloneCannotBeGated()
    {
        var e = Assert.Throws<ModelException>(() =>
            Options.Make("architecture-learning").Plan(GatedNetworks.Context(GatedNetworks.Plain(1), "fc2.weight"))
        );
        Assert.Contains("no layer to gate", e.Message);
        Assert.Contains("'fc2'", e.Message);
    }

    [Theory]
    [InlineData("lambda1", "-1")]
    [InlineData("initial", "1.5")]
    [InlineData("target", "0")]
    [InlineData("activation", "tanh")]
    [InlineData("lambda5", "1")]
    public void WrongOptionsAreRefused(string option, string value) =>
        Assert.Contains(
            option,
            Assert.Throws<OptionsException>(() => Options.Make("architecture-learning", (option, value))).Message
        );

    /// <summary>A value inside a network.</summary>
    private static Tensor Value(Network network, string value, Tensor images)
    {
        var output = new ValueInfo(value, new TensorType(ElementType.Float32, new Shape(Shape.Unknown, 6)));
        return GatedNetworks.Run(new Network("part", network.Inputs, [output], network.Nodes, network.Weights), images);
    }
}
