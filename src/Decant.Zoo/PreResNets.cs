using Decant.Core;

namespace Decant.Zoo;

/// <summary>
/// Residual networks for CIFAR with activations before convolutions (He et al. 2016, Identity Mappings) of depth 9n + 2: three stages
/// of n bottlenecks, with a 1×1 convolution as the shortcut where the shape changes, as Liu et al. 2019 prune them.
/// </summary>
internal static class PreResNets
{
    private const int Expansion = 4;

    public static Network PreResNet110(ulong seed) => Make("preresnet-110", seed, 110, 10);

    public static Network PreResNet110For100(ulong seed) => Make("preresnet-110-cifar100", seed, 110, 100);

    private static Network Make(string name, ulong seed, int depth, int classes)
    {
        NetworkBuilder builder = CifarImages.Start(name, seed).PaddedConv("conv1", 16, 3);
        for (int stage = 0; stage < 3; stage++)
            for (int i = 0; i < (depth - 2) / 9; i++) Bottleneck(builder, $"layer{stage + 1}.{i}", 16 << stage, stage > 0 && i == 0 ? 2 : 1);
        return builder.BatchNorm("bn").Relu("relu").GlobalAveragePool("avgpool").Flatten("flat").Gemm("fc", classes).Build(CifarImages.Preprocessing);
    }

    private static void Bottleneck(NetworkBuilder builder, string block, int filters, int stride)
    {
        LayerValue entry = builder.Last, shortcut = entry;
        LayerValue residual = builder
            .BatchNorm($"{block}.bn1").Relu($"{block}.relu1").PaddedConv($"{block}.conv1", filters, 1)
            .BatchNorm($"{block}.bn2").Relu($"{block}.relu2").PaddedConv($"{block}.conv2", filters, 3, stride)
            .BatchNorm($"{block}.bn3").Relu($"{block}.relu3").PaddedConv($"{block}.conv3", Expansion * filters, 1).Last;
        if (entry.Shape != residual.Shape) shortcut = builder.From(entry).PaddedConv($"{block}.downsample.0", Expansion * filters, 1, stride).Last;
        builder.From(residual).Add($"{block}.add", shortcut);
    }
}
