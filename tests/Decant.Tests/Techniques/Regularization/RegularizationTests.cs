using Decant.Core;
using Decant.Techniques;
using Decant.Techniques.Regularization;
using Decant.Tests.Runs;
using Decant.Tests.Torch;
using Decant.Torch;
using Decant.Training;
using Xunit;

namespace Decant.Tests.Techniques.Regularization;

[Collection("libtorch")]
public sealed class RegularizationTests
{
    [Fact]
    public void TheStrengthRisesInEqualPartsOverTheWarmUp()
    {
        WeightRegularizationOptions options = WeightPenaltyTests.Options("kind=l1,warm-up=0.5") with { Strength = 8 };
        Assert.Equal([2.0, 4, 6, 8, 8, 8, 8, 8], Enumerable.Range(0, 8).Select(s => options.StrengthAt(s, 8)));
        Assert.All(Enumerable.Range(0, 8), s => Assert.Equal(8, (options with { WarmUp = 0 }).StrengthAt(s, 8)));
    }

    [Theory]
    [InlineData("kind=l0", "must be one of l1, l2, hanson-pratt, group-lasso")]
    [InlineData("proximal=true", "needs 'kind'")]
    [InlineData("kind=hanson-pratt,proximal=true", "no proximal step")]
    [InlineData("kind=l1,over=filter", "'over' has an effect only with 'kind: group-lasso'")]
    [InlineData("kind=l1,w0=1", "'w0' has an effect only with 'kind: hanson-pratt'")]
    [InlineData(
        "kind=structured-sparsity,filters=0,channels=0",
        "needs one of 'filters', 'channels', 'shapes' and 'depth' above 0"
    )]
    [InlineData("kind=l2,warm-up=2", "from 0 to 1")]
    public void OptionsThatDoNotFitAreErrors(string options, string message) =>
        Assert.Contains(message, Assert.Throws<OptionsException>(() => Make(options)).Message);

    [Fact]
    public void WeightsThatDoNotFitAreNamed()
    {
        Network network = TinyRun.Network();
        var shared = new Weight("fc1.weight", new CodebookEncoding(new Shape(12, 49), [1f], new byte[12 * 49], false));
        Assert.Contains("'fc1.weight' is held as 'codebook'", Fail("kind=l1,proximal=true", shared));
        Assert.Matches("'fc1.bias'.*node 'fc1' \\(Gemm\\)", Fail("kind=group-lasso", network.Weights["fc1.bias"]));

        string Fail(string options, Weight weight) =>
            Assert.Throws<ModelException>(() => Make(options).Plan(new TechniqueContext(network, [weight]))).Message;
    }

    [Fact]
    public void ThePlanSaysWhatTrainingWillDoAndChangesNothing()
    {
        Network network = TinyRun.Network();
        PlannedChange change = Make("kind=drop-neuron-in")
            .Plan(new TechniqueContext(network, [network.Weights["fc2.weight"]]))
            .Single();
        Assert.Equal(("fc2.weight", "a penalty of strength 1 (neurons) while it trains"), (change.Target, change.What));
        Assert.Same(network, change.Apply(network));
    }

    [TorchFact]
    public void APenaltyMovesWeightsByItsGradientAndAStepByItsClosedForm()
    {
        // One step of plain descent: with a penalty w − rate · (g + λ s), with a proximal step soft(w − rate ·
        // g).
        float[] plain = OneStep(null),
            penalized = OneStep("kind=l1"),
            stepped = OneStep("kind=l1,proximal=true");
        float[] before = TinyRun.Network().Weights["fc2.weight"].Encoding.Decode().Array<float>();
        for (int i = 0; i < plain.Length; i++)
        {
            Assert.Equal(plain[i] - 0.1f * Math.Sign(before[i]), penalized[i], 1e-6);
            Assert.Equal(Math.Sign(plain[i]) * Math.Max(0, Math.Abs(plain[i]) - 0.1), stepped[i], 1e-6);
        }
        Assert.Contains(0f, stepped);
        Assert.DoesNotContain(0f, penalized);
    }

    [TorchFact]
    public void SharedWeightsArePenalizedAsTheNetworkSeesThem()
    {
        byte[] indices = [.. Enumerable.Range(0, 120).Select(i => (byte)(i % 4))];
        Network network = TinyRun
            .Network()
            .With(
                new Dictionary<string, Encoding>
                {
                    ["fc2.weight"] = new CodebookEncoding(
                        new Shape(10, 12),
                        [-0.2f, -0.1f, 0.1f, 0.2f],
                        indices,
                        false
                    ),
                }
            );
        float[] plain = Book(null),
            penalized = Book("kind=l1");
        for (int i = 0; i < 4; i++)
            Assert.Equal(plain[i] - 0.1 * 30 * (i < 2 ? -1 : 1), penalized[i], 1e-4);

        float[] Book(string? options) => ((CodebookEncoding)OneStep(options, network)).Codebook.ToArray();
    }

    private static float[] OneStep(string? options) => OneStep(options, TinyRun.Network()).Decode().Array<float>();

    /// <summary>
    /// fc2's weight after one step of plain gradient descent on all images, at a learning rate of 0.1.
    /// </summary>
    private static Encoding OneStep(string? options, Network network)
    {
        using TorchRun run = TorchRun.Begin(new TorchSettings { Threads = 1 });
        var training = new TrainingOptions
        {
            Epochs = 1,
            BatchSize = 200,
            LearningRate = 0.1,
            Optimizer = OptimizerKind.Sgd,
            Momentum = 0,
            Schedule = LearningRateSchedule.Constant,
        };
        TrainingHook[] hooks = options is null
            ? []
            : [Make(options).During(new TechniqueContext(network, [network.Weights["fc2.weight"]]))!];
        return new Trainer(training, TinyRun.Train, Preprocessings.Default, null, hooks)
            .Train(network)
            .Weights["fc2.weight"]
            .Encoding;
    }

    private static Technique Make(string options) =>
        Techniques.Options.Make(
            "regularization",
            [.. options.Split(',').Select(o => o.Split('=')).Select(o => (o[0], o[1])), ("strength", "1")]
        );
}
