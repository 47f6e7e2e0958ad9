using Decant.Core;

namespace Decant.Zoo;

/// <summary>
/// DenseNet-BC for CIFAR (Huang et al. 2017) of depth 6n + 4: three blocks of n bottlenecks that each add <c>Growth</c>
/// channels; transitions between them halve the channels and the extents.
/// </summary>
internal static class DenseNets
{
    private const int Growth = 12,
        Expansion = 4;

    public static Network DenseNetBc100(ulong seed) => Make("densenet-bc-100", seed, 100, 10);

    public static Network DenseNetBc100For100(ulong seed) => Make("densenet-bc-100-cifar100", seed, 100, 100);

    private static Network Make(string name, ulong seed, int depth, int classes)
    {
        NetworkBuilder builder = CifarImages.Start(name, seed).PaddedConv("conv1", 2 * Growth, 3);
        for (int block = 1; block <= 3; block++)
        {
            for (int i = 0; i < (depth - 4) / 6; i++)
                Bottleneck(builder, $"dense{block}.{i}");
            if (block < 3)
                Transition(builder, $"trans{block}");
        }
        return builder
            .BatchNorm("bn")
            .Relu("relu")
            .GlobalAveragePool("avgpool")
            .Flatten("flat")
            .Gemm("fc", classes)
            .Build(CifarImages.Preprocessing);
    }

    private static void Bottleneck(NetworkBuilder builder, string layer)
    {
        LayerValue entry = builder.Last;
        builder
            .BatchNorm($"{layer}.bn1")
            .Relu($"{layer}.relu1")
            .PaddedConv($"{layer}.conv1", Expansion * Growth, 1)
            .BatchNorm($"{layer}.bn2")
            .Relu($"{layer}.relu2")
            .PaddedConv($"{layer}.conv2", Growth, 3)
            .ConcatAfter($"{layer}.concat", entry);
    }

    private static void Transition(NetworkBuilder builder, string layer) =>
        builder
            .BatchNorm($"{layer}.bn1")
            .Relu($"{layer}.relu")
            .PaddedConv($"{layer}.conv1", builder.Last.Shape[1] / 2, 1)
            .AveragePool($"{layer}.pool", 2, 2);
}
