using Decant.Core;

namespace Decant.Experiments;

/// <summary>Every experiment there is: one line each.</summary>
public static class ExperimentCatalogue
{
    /// <summary>The experiments.</summary>
    public static IReadOnlyList<IExperiment> All { get; } =
    [
        new DeepCompression(),
        new ArchitectureLearning(),
        new BinaryConnect(),
        new DropNeuron(),
        new PrunedLeNets("pruning-12x", "LeNet-300-100 and LeNet-5 on MNIST, pruned in rounds of retraining",
            new PrunedLeNets.Target("lenet-300-100", 22_000, 10_000, 1.64, 1.59, "22,000 weights, 8 %, error 1.59 %"),
            new PrunedLeNets.Target("lenet-5", 36_000, 6_000, 0.80, 0.77, "36,000 weights, 8 %, error 0.77 %")),
        new PrunedLeNets("dynamic-surgery", "LeNet-300-100 and LeNet-5 on MNIST by Dynamic Network Surgery, where pruned weights can come back",
            new PrunedLeNets.Target("lenet-300-100", 4_798, null, 2.0, null, "1.8 %, error 1.99 %"),
            new PrunedLeNets.Target("lenet-5", 4_095, null, 0.95, null, "0.9 %, error 0.91 %")),
        new Quantized(),
        new Rethinking(),
        new LotteryTicket(),
        new Supermask(),
        new WeightAgnostic(),
        new Xnor(),
    ];

    /// <summary>Finds an experiment.</summary>
    /// <exception cref="DecantException">There is none of that name.</exception>
    public static IExperiment Find(string name) => All.FirstOrDefault(e => e.Name == name)
        ?? throw new DecantException($"there is no experiment '{name}'; there are: {string.Join(", ", All.Select(e => e.Name))}");
}
