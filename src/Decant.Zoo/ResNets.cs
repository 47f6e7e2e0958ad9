using Decant.Core;

namespace Decant.Zoo;

/// <summary>
/// Residual networks for CIFAR of depth 6n + 2 (He et al. 2016, sec. 4.2): three stages of n blocks with 16, 32 and 64
/// filters.
/// Where the stage changes, the shortcut is option A: every second pixel, with zeros for the channels that are new.
/// </summary>
internal static class ResNets
{
    public static Network ResNet20(ulong seed) => Make(20, seed);

    public static Network ResNet32(ulong seed) => Make(32, seed);

    public static Network ResNet56(ulong seed) => Make(56, seed);

    public static Network ResNet110(ulong seed) => Make(110, seed);

    private static Network Make(int depth, ulong seed)
    {
        NetworkBuilder builder = CifarImages
            .Start($"resnet-{depth}", seed)
            .PaddedConv("conv1", 16, 3)
            .BatchNorm("bn1")
            .Relu("relu1");
        for (int stage = 0; stage < 3; stage++)
        for (int i = 0; i < (depth - 2) / 6; i++)
            Block(builder, $"layer{stage + 1}.{i}", 16 << stage);
        return builder
            .GlobalAveragePool("avgpool")
            .Flatten("flat")
            .Gemm("linear", 10)
            .Build(CifarImages.ImageNetPreprocessing);
    }

    private static void Block(NetworkBuilder builder, string block, int filters)
    {
        LayerValue entry = builder.Last;
        int added = filters - entry.Shape[1];
        LayerValue shortcut =
            added == 0
                ? entry
                : builder
                    .Subsample($"{block}.shortcut.slice", 2)
                    .PadChannels($"{block}.shortcut.pad", added / 2, added / 2)
                    .Last;
        builder
            .From(entry)
            .PaddedConv($"{block}.conv1", filters, 3, added == 0 ? 1 : 2)
            .BatchNorm($"{block}.bn1")
            .Relu($"{block}.relu1")
            .PaddedConv($"{block}.conv2", filters, 3)
            .BatchNorm($"{block}.bn2")
            .Add($"{block}.add", shortcut)
            .Relu($"{block}.relu2");
    }
}

/// <summary>
/// Residual networks for CIFAR with activations before convolutions (He et al. 2016, Identity Mappings) of depth 9n +
/// 2: three stages of n bottlenecks, with a 1×1 convolution as the shortcut where the shape changes, as Liu et al.
/// 2019 prune them.
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
        for (int i = 0; i < (depth - 2) / 9; i++)
            Bottleneck(builder, $"layer{stage + 1}.{i}", 16 << stage, stage > 0 && i == 0 ? 2 : 1);
        return builder
            .BatchNorm("bn")
            .Relu("relu")
            .GlobalAveragePool("avgpool")
            .Flatten("flat")
            .Gemm("fc", classes)
            .Build(CifarImages.Preprocessing);
    }

    private static void Bottleneck(NetworkBuilder builder, string block, int filters, int stride)
    {
        LayerValue entry = builder.Last,
            shortcut = entry;
        LayerValue residual = builder
            .BatchNorm($"{block}.bn1")
            .Relu($"{block}.relu1")
            .PaddedConv($"{block}.conv1", filters, 1)
            .BatchNorm($"{block}.bn2")
            .Relu($"{block}.relu2")
            .PaddedConv($"{block}.conv2", filters, 3, stride)
            .BatchNorm($"{block}.bn3")
            .Relu($"{block}.relu3")
            .PaddedConv($"{block}.conv3", Expansion * filters, 1)
            .Last;
        if (entry.Shape != residual.Shape)
            shortcut = builder.From(entry).PaddedConv($"{block}.downsample.0", Expansion * filters, 1, stride).Last;
        builder.From(residual).Add($"{block}.add", shortcut);
    }
}

/// <summary>What the networks for CIFAR take: 32×32 images of three channels, and their preprocessing.</summary>
internal static class CifarImages
{
    /// <summary>The mean and deviation of CIFAR-10's training images, as the papers on pruning use them.</summary>
    public const string Preprocessing = "scale=1/255;mean=0.4914,0.4822,0.4465;std=0.2023,0.1994,0.201;channels=rgb";

    /// <summary>ImageNet's, with which the published ResNet-20 to ResNet-110 of Idelbayev were trained.</summary>
    public const string ImageNetPreprocessing = "scale=1/255;mean=0.485,0.456,0.406;std=0.229,0.224,0.225;channels=rgb";

    public static NetworkBuilder Start(string name, ulong seed) => new(name, seed, new Shape(Shape.Unknown, 3, 32, 32));
}
