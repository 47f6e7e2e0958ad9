using Decant.Core;

namespace Decant.Zoo;

/// <summary>
/// Residual networks for CIFAR of depth 6n + 2 (He et al. 2016, sec. 4.2): three stages of n blocks with 16, 32 and 64 filters.
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
        NetworkBuilder builder = CifarImages.Start($"resnet-{depth}", seed).PaddedConv("conv1", 16, 3).BatchNorm("bn1").Relu("relu1");
        for (int stage = 0; stage < 3; stage++)
            for (int i = 0; i < (depth - 2) / 6; i++) Block(builder, $"layer{stage + 1}.{i}", 16 << stage);
        return builder.GlobalAveragePool("avgpool").Flatten("flat").Gemm("linear", 10).Build(CifarImages.ImageNetPreprocessing);
    }

    private static void Block(NetworkBuilder builder, string block, int filters)
    {
        LayerValue entry = builder.Last;
        int added = filters - entry.Shape[1];
        LayerValue shortcut = added == 0 ? entry
            : builder.Subsample($"{block}.shortcut.slice", 2).PadChannels($"{block}.shortcut.pad", added / 2, added / 2).Last;
        builder.From(entry).PaddedConv($"{block}.conv1", filters, 3, added == 0 ? 1 : 2).BatchNorm($"{block}.bn1").Relu($"{block}.relu1")
            .PaddedConv($"{block}.conv2", filters, 3).BatchNorm($"{block}.bn2").Add($"{block}.add", shortcut).Relu($"{block}.relu2");
    }
}
