using Decant.Core;

namespace Decant.Zoo;

/// <summary>
/// VGG (Simonyan, Zisserman 2015; configurations D and E) for 32×32 images: batch normalization after each convolution, one fully
/// connected layer, as in Liu et al. 2017 (Network Slimming) and Liu et al. 2019 (Rethinking the Value of Network Pruning).
/// </summary>
internal static class Vggs
{
    public static Network Vgg16(ulong seed) => Make("vgg-16", seed, 10, 2, 2, 3, 3, 3);

    public static Network Vgg19(ulong seed) => Make("vgg-19", seed, 10, 2, 2, 4, 4, 4);

    public static Network Vgg19For100(ulong seed) => Make("vgg-19-cifar100", seed, 100, 2, 2, 4, 4, 4);

    private static Network Make(string name, ulong seed, int classes, params int[] stages)
    {
        NetworkBuilder builder = CifarImages.Start(name, seed);
        for (int stage = 0, place = 0; stage < stages.Length; stage++)
        {
            for (int i = 0; i < stages[stage]; i++, place += 3)
                builder.PaddedConv($"feature.{place}", Math.Min(512, 64 << stage), 3).BatchNorm($"feature.{place + 1}").Relu($"feature.{place + 2}");
            if (stage < stages.Length - 1) builder.MaxPool($"feature.{place++}", 2, 2);
        }
        return builder.AveragePool("avgpool", 2, 2).Flatten("flat").Gemm("classifier", classes).Build(CifarImages.Preprocessing);
    }
}
