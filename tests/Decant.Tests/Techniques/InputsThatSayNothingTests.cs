using Decant.Core;
using Decant.Data;
using Decant.Techniques;
using Decant.Tests.Torch;
using Decant.Torch;
using Decant.Training;
using Decant.Zoo;
using Xunit;

namespace Decant.Tests.Techniques;

/// <summary>
/// Of sixteen inputs, four tell the class and twelve are noise; a technique on groups should find out which.
/// </summary>
[Collection("libtorch")]
public sealed class InputsThatSayNothingTests
{
    private static readonly int[] Telling = [1, 6, 8, 15];

    [TorchFact]
    public void GatesOnInputsCloseOnNoise() =>
        FindsWhatTells(
            new()
            {
                Epochs = 60,
                BatchSize = 40,
                LearningRate = 0.05,
                Schedule = LearningRateSchedule.Constant,
            },
            "l0-regularization",
            ("strength", "0.02"),
            ("over", "channel"),
            ("drop-rate", "0.3")
        );

    [TorchFact]
    public void GroupLassoOnInputsFallsOnNoise() =>
        FindsWhatTells(
            new()
            {
                Epochs = 60,
                BatchSize = 40,
                LearningRate = 0.2,
                Optimizer = OptimizerKind.Sgd,
                Momentum = 0,
            },
            "regularization",
            ("strength", "0.1"),
            ("kind", "drop-neuron-out"),
            ("proximal", "true")
        );

    private static void FindsWhatTells(TrainingOptions training, string technique, params (string, string)[] options)
    {
        using TorchRun run = TorchRun.Begin(new TorchSettings { Threads = 1 });
        Network network = new NetworkBuilder("sixteen", 1, new Shape(Shape.Unknown, 1, 4, 4))
            .Flatten("flat")
            .Gemm("fc", 4)
            .Build();
        LabelledImages data = Draw(200);
        TrainingHook hook = Options
            .Make(technique, options)
            .During(new TechniqueContext(network, [network.Weights["fc.weight"]]))!;
        Network trained = new Trainer(training, data, Preprocessing.None, null, [hook]).Train(network);
        float[] weight = trained.Weights["fc.weight"].Encoding.Decode().Array<float>();
        Assert.Equal(
            Telling,
            Enumerable.Range(0, 16).Where(i => Enumerable.Range(0, 4).Any(o => weight[o * 16 + i] != 0))
        );
        using var executor = new TorchExecutor(trained);
        Assert.Equal(1, new Classification().Evaluate(trained, executor, data, Preprocessing.None)["top-1"]);
    }

    private static LabelledImages Draw(int count)
    {
        var rng = new Rng(4);
        var pixels = new float[count * 16];
        int[] labels = [.. Enumerable.Range(0, count).Select(i => i % 4)];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (float)(0.3 * rng.NextNormal() + (i % 16 == Telling[labels[i / 16]] ? 2 : 0));
        return new LabelledImages("sixteen", Tensor.Of(new Shape(count, 1, 4, 4), pixels), labels, 4);
    }
}
