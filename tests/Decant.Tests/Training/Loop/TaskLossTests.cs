using Decant.Core;
using Decant.Data;
using Decant.Tests.Data.Tasks;
using Decant.Tests.Torch;
using Decant.Torch;
using Decant.Training;
using Decant.Zoo;
using Xunit;
using ElementType = Decant.Core.ElementType;

namespace Decant.Tests.Training.Loop;

/// <summary>The losses of tasks are what they are by hand, and so are their gradients, by differences.</summary>
[Collection("libtorch")]
public sealed class TaskLossTests
{
    private const int Rows = 3,
        Columns = 4;

    private static readonly Rng Random = Rng.For(1, "losses");

    /// <summary>Compares a loss and its gradient with a function of the outputs.</summary>
    private static void Check(ITaskLoss loss, Tensor outputs, Tensor targets, Func<double[], double> byHand)
    {
        using var scope = new TorchScope();
        TorchTensor x = outputs.ToTorch();
        x.RequiresGrad = true;
        TorchTensor computed = loss.Of(x, targets.ToTorch());
        computed.Backward();
        double[] values = Array.ConvertAll(outputs.Array<float>(), v => (double)v);
        Assert.Equal(byHand(values), computed.ToDouble(), 1e-5);
        float[] gradient = x.Grad!.ToArray<float>();
        const double Step = 1e-5;
        for (int i = 0; i < values.Length; i++)
        {
            double was = values[i];
            values[i] = was + Step;
            double above = byHand(values);
            values[i] = was - Step;
            double below = byHand(values);
            values[i] = was;
            Assert.Equal((above - below) / (2 * Step), gradient[i], 1e-5);
        }
    }

    [TorchFact]
    public void BinaryCrossEntropyOfLogitsAndOfProbabilities()
    {
        bool[] labels = [.. Enumerable.Range(0, Rows * Columns).Select(i => i % 3 == 0)];
        Tensor logits = TaskFixtures.Floats(Random, Rows, Columns),
            probabilities = Tensor.Of(
                logits.Shape,
                Array.ConvertAll(logits.Array<float>(), v => 1 / (1 + MathF.Exp(-v)))
            );
        double OfProbabilities(double[] p) => p.Select((v, i) => -Math.Log(labels[i] ? v : 1 - v)).Average();
        double OfLogits(double[] x) => OfProbabilities(Array.ConvertAll(x, v => 1 / (1 + Math.Exp(-v))));
        foreach (
            Tensor targets in new[]
            {
                Tensor.Of(logits.Shape, labels),
                Tensor.Of(logits.Shape, Array.ConvertAll(labels, l => l ? 1L : 0)),
                Tensor.Of(logits.Shape, Array.ConvertAll(labels, l => l ? 1.0 : 0)),
            }
        )
        {
            Check(new BinaryCrossEntropy(), logits, targets, OfLogits);
            Check(new BinaryCrossEntropy(ofProbabilities: true), probabilities, targets, OfProbabilities);
        }
    }

    [TorchFact]
    public void MeanSquaredErrorDoesNotBroadcast()
    {
        Tensor outputs = TaskFixtures.Floats(Random, Rows, 1);
        float[] targets = [1, -2, 0.5f];
        Check(new MeanSquaredError(), outputs, Tensor.Vector(targets), x =>
            x.Zip(targets, (a, b) => (a - b) * (a - b)).Average()
        );
    }

    [TorchFact]
    public void CrossEntropyIsThatOfThePixelsThatCount()
    {
        const int Classes = 3,
            Pixels = 4;
        Tensor outputs = TaskFixtures.Floats(Random, 2, Classes, 2, 2);
        long[] classes = [0, 2, 255, 1, -1, 0, 7, 2];
        double Of(double[] x)
        {
            var losses = new List<double>();
            for (int p = 0; p < classes.Length; p++)
                if (classes[p] is >= 0 and < 7)
                {
                    double[] scores =
                    [
                        .. Enumerable
                            .Range(0, Classes)
                            .Select(c => x[(p / Pixels * Classes + c) * Pixels + p % Pixels]),
                    ];
                    losses.Add(Math.Log(scores.Sum(Math.Exp)) - scores[classes[p]]);
                }
            return losses.Average();
        }
        long[] without255 = Array.ConvertAll(classes, c => c == 255 ? -5 : c);
        Check(new PixelCrossEntropy(ignored: 7), outputs, Tensor.Of(new Shape(2, 2, 2), without255), Of);
        Check(new PixelCrossEntropy(ignored: 7), outputs, Tensor.Of(new Shape(2, 1, 2, 2), without255), Of);
        Tensor none = Tensor.Of(new Shape(2, 2, 2), Array.ConvertAll(classes, _ => 255L));
        Check(new PixelCrossEntropy(), outputs, none, _ => 0);
    }

    /// <summary>Each task trains a layer until its metric is nearly the best.</summary>
    [TorchFact]
    public void TasksAreTrained()
    {
        const int Count = 200;
        Tensor x = TaskFixtures.Floats(Random, Count, 5);
        float[] values = x.Array<float>();
        float[] sums = [.. Enumerable.Range(0, Count * 2).Select(i => Sum(values, i / 2, i % 2))];
        Tensor floats = Tensor.Of(new Shape(Count, 2), sums),
            labels = Tensor.Of(new Shape(Count, 2), Array.ConvertAll(sums, s => s > 0));
        Assert.True(Trained(new Regression(), x, floats, 2).Value < 0.05);
        Assert.True(Trained(new MultiLabel(), x, labels, 2).Value > 0.98);
        Assert.True(Trained(new Restoration(), x, floats, 2).Value > 25);
    }

    private static float Sum(float[] values, int row, int column) =>
        values[5 * row + column] - 2 * values[5 * row + column + 1] + values[5 * row + column + 3] / 2;

    private static MetricValue Trained(LearningTask task, Tensor x, Tensor target, int outputs)
    {
        Network network = new NetworkBuilder("line", 1, new Shape(Shape.Unknown, 5)).Gemm("fc", outputs).Build();
        var data = new ArraySource("line", [new("input", x)], [new("y", target)]);
        var options = new TrainingOptions
        {
            Task = task,
            Epochs = 40,
            BatchSize = 20,
            LearningRate = 0.05,
        };
        EpochMetrics? last = null;
        new Trainer(options, data, Preprocessing.None, data).Train(
            network,
            progress: new Synchronous(metrics => last = metrics)
        );
        return last!.HeldOut!.Primary;
    }

    private sealed class Synchronous(Action<EpochMetrics> told) : IProgress<EpochMetrics>
    {
        public void Report(EpochMetrics value) => told(value);
    }

    [Fact]
    public void WhatCannotBeTrainedIsRefused()
    {
        Network boxes = TaskFixtures.Network(
            ("boxes", ElementType.Float32, new Shape(-1, 9, 4)),
            ("scores", ElementType.Float32, new Shape(-1, 9, 2))
        );
        ArraySource objects = TaskFixtures.Data(
            2,
            ("boxes", Tensor.Zeros(ElementType.Float32, new Shape(2, 1, 4))),
            ("classes", Tensor.Zeros(ElementType.Int64, new Shape(2, 1)))
        );
        Assert.Equal(
            "there is no loss for the task 'detection': networks are trained for classification, multi-label, "
                + "regression, segmentation and restoration, on data with targets",
            Refusal(new Detection(), boxes, objects)
        );
        ArraySource values = TaskFixtures.Data(2, ("t", Tensor.Zeros(ElementType.Float32, new Shape(2, 9, 2))));
        Assert.Equal(
            "training minimizes the loss of the first output, 'boxes', and regression scores 'scores': make that the "
                + "first output",
            Refusal(new Regression(), boxes, values)
        );
    }

    private static string Refusal(LearningTask task, Network network, IDataSource data) =>
        Assert.Throws<DataException>(() => TaskLosses.For(task, new TrainingOptions(), network, data)).Message;
}
