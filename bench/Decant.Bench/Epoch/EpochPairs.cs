using Decant.Core;
using Decant.Data;
using Decant.Training;

namespace Decant.Bench;

/// <summary>
/// Epochs of Decant's trainer, each followed by one of Python's; the first of each warms up and is not counted.
/// </summary>
internal sealed class EpochPairs(PythonEpochs python, int pairs) : IProgress<EpochMetrics>
{
    private readonly List<double> ratios = [],
        ours = [],
        theirs = [];

    /// <summary>Our time over Python's, from the least to the largest.</summary>
    public IReadOnlyList<double> Ratios => [.. ratios.Order()];

    /// <summary>The median of our seconds.</summary>
    public double Seconds => Median(ours);

    /// <summary>The median of Python's seconds.</summary>
    public double PythonSeconds => Median(theirs);

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    public void Run(Network network, LabelledImages data)
    {
        var options = new TrainingOptions
        {
            Epochs = pairs + 1,
            BatchSize = 64,
            Optimizer = OptimizerKind.Sgd,
            LearningRate = 0.05,
            Momentum = 0.9,
            Schedule = LearningRateSchedule.Constant,
        };
        new Trainer(options, data, Preprocessings.Default).Train(network, progress: this);
    }

    /// <summary>Called by the trainer between two of its epochs, whose clock stands still meanwhile.</summary>
    public void Report(EpochMetrics value)
    {
        (double seconds, double loss) = python.Run();
        Console.Error.WriteLine(
            $"  {(value.Epoch == 1 ? "warm-up" : $"pair {value.Epoch - 1}")}: Decant {value.Seconds:0.00} "
                + $"s (loss {value.Loss:0.0000}), Python {seconds:0.00} s (loss {loss:0.0000})"
        );
        if (value.Epoch == 1)
            return;
        ours.Add(value.Seconds);
        theirs.Add(seconds);
        ratios.Add(value.Seconds / seconds);
    }
}
