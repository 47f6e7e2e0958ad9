using Decant.Core;
using Decant.Runtime;
using Decant.Tests.Benchmarking;
using Decant.Tests.Torch;
using Decant.Training;
using Decant.Zoo;
using Xunit;

namespace Decant.Tests.Zoo;

/// <summary>
/// Each network of the zoo computes the same in the managed runtime and in libtorch; those for CIFAR-100 differ in
/// their last layer alone.
/// </summary>
[Collection("libtorch")]
public sealed class ExecutorAgreementTests
{
    [TorchFact]
    public void TheZooComputesTheSameOnBothExecutors()
    {
        foreach (ZooEntry entry in Architectures.All.Where(e => !e.Name.EndsWith("cifar100", StringComparison.Ordinal)))
        {
            Network network = WithStatistics(entry.Make(3));
            Tensor[] inputs = SameAnswers.Inputs(network, batch: 1);
            using var torch = new TorchExecutor(network);
            using InferenceSession ours = new InferenceModel(
                network,
                new InferenceOptions { Threads = 1 }
            ).CreateSession();
            SameAnswers.Within(2e-5, torch.Run(inputs), ours.Run(inputs), entry.Name);
        }
    }

    /// <summary>Batch norms that are not the identity, so that their place counts.</summary>
    private static Network WithStatistics(Network network)
    {
        var rng = new Rng(9);
        return network.With(
            network
                .Nodes.Where(n => n.Operator.Type == "BatchNormalization")
                .SelectMany(n => n.Inputs.Skip(1))
                .ToDictionary(
                    n => n,
                    name =>
                    {
                        float[] numbers = (float[])network.Weights[name].Encoding.Decode().Array<float>().Clone();
                        for (int i = 0; i < numbers.Length; i++)
                            numbers[i] += (float)rng.NextDouble(-0.2, 0.2);
                        return (Encoding)new DenseEncoding(Tensor.Vector(numbers));
                    }
                )
        );
    }
}
