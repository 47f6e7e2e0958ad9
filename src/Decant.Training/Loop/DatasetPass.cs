using Decant.Core;
using Decant.Data;
using Decant.Torch;

namespace Decant.Training;

/// <summary>
/// Shows a network every example of a source once, as it would answer them: batch normalization by its running
/// statistics, no augmentation, no step. Every trainable weight is a free leaf whatever its encoding, so gradients
/// reach weights that are zero too.
/// </summary>
/// <param name="network">The network; its inputs are those of the source.</param>
/// <param name="data">The examples; targets are needed only by visitors that read them.</param>
/// <param name="preprocessing">What is done to pixels.</param>
/// <param name="batchSize">Examples a batch.</param>
public sealed class DatasetPass(Network network, IDataSource data, Preprocessing preprocessing, int batchSize)
{
    /// <summary>
    /// Runs the network on each batch, recorded: the visitor may go backward from the outputs, and finds each weight's
    /// gradient clear.
    /// </summary>
    /// <param name="visit">Called when the network has run on a batch; what it makes of libtorch is freed after
    /// it.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="DataException">The examples do not fit the network.</exception>
    public void Recorded(Action<TrainingStep> visit, CancellationToken cancellation = default)
    {
        TrainingBatches batch = TrainingBatches.Of(
            network,
            data,
            preprocessing,
            new BatchOptions { Size = batchSize, Shuffle = false }
        );
        using var torch = new TrainingNetwork(network, w => new DenseParameterization(w.Encoding));
        TorchTensor[] leaves = [.. torch.Parameterizations.Values.Select(f => f.Parameter)];
        for (int b = 0; b < batch.Batches; b++)
        {
            batch.Fill(b, cancellation);
            TorchTensor.ClearGrads(leaves);
            using var scope = new TorchScope();
            TorchTensor[] x = batch.ToInputs();
            visit(
                new TrainingStep(torch, x[0], batch.ToTargets(), torch.Forward(training: false, x)[0], b, batch.Batches)
                {
                    Inputs = x,
                }
            );
        }
    }
}
