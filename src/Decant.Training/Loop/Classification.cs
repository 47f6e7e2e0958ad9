using Decant.Core;
using Decant.Data;
using Decant.Torch;

namespace Decant.Training;

/// <summary>Measures how well networks classify images.</summary>
public static class Classification
{
    private const int BatchSize = 100;

    /// <summary>Classifies a whole data set through any executor.</summary>
    /// <param name="network">The network that the executor runs: its input takes images, its first output gives a
    /// number a class.</param>
    /// <param name="executor">Runs it.</param>
    /// <param name="data">The images and labels.</param>
    /// <param name="preprocessing">The pixel arithmetic.</param>
    /// <param name="progress">Told how many images are done.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="DataException">The images do not fit the network.</exception>
    public static Score Evaluate(
        Network network,
        IExecutor executor,
        LabelledImages data,
        Preprocessing preprocessing,
        IProgress<int>? progress = null,
        CancellationToken cancellation = default
    )
    {
        CheckFits(network, data);
        Shape? input = network.Inputs[0].Type.Shape;
        int whole = input is { Rank: > 0 } x && x[0] > 0 ? x[0] : 0;
        return Count(
            data,
            preprocessing,
            input,
            whole > 0 ? whole : BatchSize,
            whole > 0,
            progress,
            batch => executor.Run([batch.ToTensor(whole)], cancellation)[0].Array<float>(),
            cancellation
        );
    }

    /// <summary>Checks that a network takes a data set's images and tells its classes apart.</summary>
    /// <exception cref="DataException">It does not.</exception>
    public static void CheckFits(Network network, LabelledImages data)
    {
        if (network.Inputs.Length != 1)
            throw new DataException($"the network has {network.Inputs.Length} inputs; image data feed one");
        if (network.Inputs[0].Type.Shape is { } x && !Fits(x, data.ImageShape))
            throw new DataException(
                $"{data.Name} has images of {data.ImageShape}; input '{network.Inputs[0].Name}' takes {x}"
            );
        if (network.Outputs[0].Type.Shape is { Rank: 2 } y && y[1] >= 0 && y[1] < data.Classes)
            throw new DataException(
                $"{data.Name} has {data.Classes} classes; output '{network.Outputs[0].Name}' tells {y[1]} apart"
            );
    }

    internal static Score Evaluate(
        TrainingNetwork torch,
        Shape? input,
        LabelledImages data,
        Preprocessing preprocessing,
        CancellationToken cancellation
    ) =>
        Count(
            data,
            preprocessing,
            input,
            BatchSize,
            false,
            null,
            batch =>
            {
                using var scope = new TorchScope();
                using var noGrad = new NoGrad();
                return torch.Forward(training: false, batch.ToImages())[0].ToArray<float>();
            },
            cancellation
        );

    private static bool Fits(Shape input, Shape image) =>
        input.Rank == image.Rank + 1
            ? !image.Dims.Where((d, i) => input[i + 1] >= 0 && input[i + 1] != d).Any()
            : input.Rank == 2 && (input[1] < 0 || input[1] == image.Count);

    private static Score Count(
        LabelledImages data,
        Preprocessing preprocessing,
        Shape? input,
        int size,
        bool whole,
        IProgress<int>? progress,
        Func<BatchBuffer, float[]> run,
        CancellationToken cancellation
    )
    {
        var batch = new BatchBuffer(
            new BatchSource(data, preprocessing, new BatchOptions { Size = size, Shuffle = false }),
            input
        );
        int right = 0,
            near = 0,
            done = 0,
            classes = 0;
        for (int b = 0; b < batch.Source.Batches; b++)
        {
            batch.Fill(b, cancellation);
            float[] scores = run(batch);
            if (classes == 0)
                classes = scores.Length / (whole ? size : batch.Count);
            for (int i = 0; i < batch.Count; i++)
            {
                int rank = Rank(scores.AsSpan(i * classes, classes), (int)batch.Labels[i]);
                (right, near) = (right + (rank == 0 ? 1 : 0), near + (rank < 5 ? 1 : 0));
            }
            progress?.Report(done += batch.Count);
        }
        return new Score((double)right / data.Count, (double)near / data.Count, data.Count);
    }

    /// <summary>
    /// How many classes have a larger output, or an equal one and a lower number; not-a-number outputs rank first.
    /// </summary>
    private static int Rank(ReadOnlySpan<float> scores, int label)
    {
        int rank = 0;
        for (int c = 0; c < scores.Length; c++)
            if (c != label && (!(scores[c] <= scores[label]) || (scores[c] == scores[label] && c < label)))
                rank++;
        return rank;
    }
}

/// <summary>How well a network classifies.</summary>
/// <param name="Accuracy">The share of images whose class has the largest output, 0 to 1.</param>
/// <param name="Top5">The share whose class is among the five largest outputs.</param>
/// <param name="Count">How many images.</param>
public sealed record Score(double Accuracy, double Top5, int Count)
{
    /// <summary>The error in percent: 100 × (1 − accuracy).</summary>
    public double Error => 100 * (1 - Accuracy);
}

/// <summary>The loss of <see cref="LossKind.SquaredHinge"/>.</summary>
internal static class SquaredHinge
{
    /// <summary>The loss, recorded for gradients.</summary>
    /// <param name="outputs">A number an image and class: N×C.</param>
    /// <param name="labels">N classes, 64-bit.</param>
    public static TorchTensor Of(TorchTensor outputs, TorchTensor labels)
    {
        TorchTensor isLabel = labels.Unsqueeze(1).Eq(Ops.Arange(0, outputs.Shape[1]));
        TorchTensor targets = isLabel.To(TorchType.Float32).Mul(2).Sub(1);
        return outputs.Mul(targets).Neg().Add(1).Relu().Pow(2).Mean();
    }
}
