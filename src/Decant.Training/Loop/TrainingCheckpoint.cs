using Decant.Core;
using Decant.Data;
using Decant.Formats.Npy;

namespace Decant.Training;

/// <summary>
/// The state of a training run between two epochs: with the network it began from, the data, the options and the seed
/// it decides all that follows.
/// </summary>
/// <param name="Epochs">Epochs done.</param>
/// <param name="Steps">Optimizer steps done.</param>
/// <param name="Tensors">Parameters and running statistics by weight name.</param>
/// <param name="Optimizer">The optimizer's own tensors by name.</param>
public sealed record TrainingCheckpoint(
    int Epochs,
    long Steps,
    IReadOnlyDictionary<string, Tensor> Tensors,
    IReadOnlyDictionary<string, Tensor> Optimizer
)
{
    private const string WeightPrefix = "weight:",
        OptimizerPrefix = "optimizer:";

    /// <summary>Writes the checkpoint as an .npz file, whole or not at all.</summary>
    public void Save(string path)
    {
        var entries = new List<KeyValuePair<string, Tensor>> { new("progress", Tensor.Vector<long>(Epochs, Steps)) };
        entries.AddRange(Tensors.Select(t => KeyValuePair.Create(WeightPrefix + t.Key, t.Value)));
        entries.AddRange(Optimizer.Select(t => KeyValuePair.Create(OptimizerPrefix + t.Key, t.Value)));
        NpzWriter.Save(entries, path);
    }

    /// <summary>Reads a checkpoint.</summary>
    /// <exception cref="FileFormatException">The file is damaged.</exception>
    public static TrainingCheckpoint Load(string path)
    {
        using NpzReader npz = NpzReader.Open(path);
        long[] progress = npz.Read("progress").Array<long>();
        if (progress.Length != 2)
            throw new FileFormatException($"{path} is no checkpoint: 'progress' must hold two values");
        Dictionary<string, Tensor> Part(string prefix) =>
            npz
                .Names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal))
                .ToDictionary(n => n[prefix.Length..], npz.Read, StringComparer.Ordinal);
        return new TrainingCheckpoint((int)progress[0], progress[1], Part(WeightPrefix), Part(OptimizerPrefix));
    }
}

/// <summary>
/// Training went wrong: the loss is not a number any more. Epoch and step are named; the last checkpoint is good.
/// </summary>
public sealed class TrainingException(string message) : DecantException(message);

/// <summary>What one epoch came to.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Epochs">How many there are in all.</param>
/// <param name="Loss">The mean of what is minimized: the loss on labels, with all that techniques add to it.</param>
/// <param name="LearningRate">The learning rate of its last step.</param>
/// <param name="HeldOut">The score on the validation set; null if there is none.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record EpochMetrics(
    int Epoch,
    int Epochs,
    double Loss,
    double LearningRate,
    Score? HeldOut,
    double Seconds
);
