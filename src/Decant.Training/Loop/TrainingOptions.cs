using Decant.Core;
using Decant.Data;
using Decant.Torch;

namespace Decant.Training;

/// <summary>How a network is trained. Together with the seed, the data and the network it decides the result.</summary>
public sealed record TrainingOptions
{
    /// <summary>How often the whole training set is seen.</summary>
    [OptionRange(1, 100_000)]
    public int Epochs { get; init; } = 30;

    /// <summary>Batch size: images in a step.</summary>
    [OptionKey("batch")]
    [OptionRange(1, 65_536)]
    public int BatchSize { get; init; } = 64;

    /// <summary>The optimizer.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Adam;

    /// <summary>The learning rate at the start, after warm-up.</summary>
    [OptionRange(1e-9, 100)]
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>How the learning rate falls, step by step.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Cosine;

    /// <summary>Epochs over which the learning rate first rises from zero.</summary>
    [OptionRange(0, 1000)]
    public double WarmUp { get; init; }

    /// <summary>The momentum of <see cref="OptimizerKind.Sgd"/>.</summary>
    [Share]
    public double Momentum { get; init; } = 0.9;

    /// <summary>Weight decay; biases and other vectors are spared.</summary>
    [OptionRange(0, 10)]
    public double WeightDecay { get; init; }

    /// <summary>What the network learns; null for classification.</summary>
    [NoOption]
    public LearningTask? Task { get; init; }

    /// <summary>
    /// What the training asks of libtorch; null for what the run that it is a part of asks.
    /// </summary>
    [NoOption]
    public TorchSettings? Torch { get; init; }

    /// <summary>What is minimized of outputs and classes.</summary>
    public LossKind Loss { get; init; } = LossKind.CrossEntropy;

    /// <summary>
    /// The share of each target that is spread over all classes, of <see cref="LossKind.CrossEntropy"/>.
    /// </summary>
    [Share(0, 0.9)]
    [OnlyWith(nameof(Loss), LossKind.CrossEntropy)]
    public double LabelSmoothing { get; init; }

    /// <summary>α of mixup, which mixes pairs of images and their targets (Zhang et al. 2018); 0 for none.</summary>
    [OptionRange(0, 10)]
    public double MixUp { get; init; }

    /// <summary>Random changes to the training images.</summary>
    [OptionKey("augment")]
    public Augmentation Augmentation { get; init; } = Augmentation.None;

    /// <summary>Decides order, augmentation and every other random choice.</summary>
    [NoOption]
    public ulong Seed { get; init; } = 1;

    /// <summary>The learning rate at a step.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="stepsPerEpoch">Steps an epoch.</param>
    public double LearningRateAt(long step, int stepsPerEpoch)
    {
        double warm = WarmUp * stepsPerEpoch,
            total = (double)Epochs * stepsPerEpoch;
        if (step < warm)
            return LearningRate * (step + 1) / warm;
        double t = (step - warm) / Math.Max(1, total - warm);
        return LearningRate
            * Schedule switch
            {
                LearningRateSchedule.Constant => 1,
                LearningRateSchedule.Linear => 1 - t,
                LearningRateSchedule.Step => t < 0.5 ? 1
                : t < 0.75 ? 0.1
                : 0.01,
                _ => 0.5 * (1 + Math.Cos(Math.PI * t)),
            };
    }
}

/// <summary>How the learning rate changes over a training run.</summary>
public enum LearningRateSchedule
{
    /// <summary>From the start value to zero along half a cosine (Loshchilov, Hutter 2017).</summary>
    Cosine,

    /// <summary>Always the start value.</summary>
    Constant,

    /// <summary>From the start value to zero in a straight line.</summary>
    Linear,

    /// <summary>A tenth after half of the steps, a hundredth after three quarters (He et al. 2016).</summary>
    Step,
}

/// <summary>What is minimized of outputs and labels.</summary>
public enum LossKind
{
    /// <summary>The cross-entropy of softmax(outputs) with the labels.</summary>
    CrossEntropy,

    /// <summary>
    /// The mean over images and classes of max(0, 1 − t·y)², t = 1 for the label and −1 for every other class
    /// (Tang 2013, arXiv 1306.0239).
    /// </summary>
    SquaredHinge,
}

/// <summary>The rule by which gradients change parameters.</summary>
public enum OptimizerKind
{
    /// <summary>Adam (Kingma, Ba 2015); weight decay is decoupled (Loshchilov, Hutter 2019).</summary>
    Adam,

    /// <summary>Stochastic gradient descent with Nesterov momentum.</summary>
    Sgd,
}
