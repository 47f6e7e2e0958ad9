using Decant.Core;

namespace Decant.Zoo;

/// <summary>The networks of LeCun et al. (1998) in the forms the compression papers use.</summary>
internal static class LeNets
{
    public static Network LeNet300100(ulong seed) => Perceptron("lenet-300-100", seed, 300, 100);

    public static Network Mlp(ulong seed) => Perceptron("mlp", seed, 1024, 1024, 1024);

    public static Network LeNet5(ulong seed) =>
        new NetworkBuilder("lenet-5", seed, new Shape(Shape.Unknown, 1, 28, 28))
            .Conv("conv1", 20, 5)
            .MaxPool("pool1", 2, 2)
            .Conv("conv2", 50, 5)
            .MaxPool("pool2", 2, 2)
            .Flatten("flat")
            .Gemm("fc1", 500)
            .Relu("relu1")
            .Gemm("fc2", 10)
            .Build();

    private static Network Perceptron(string name, ulong seed, params int[] hidden)
    {
        NetworkBuilder builder = new NetworkBuilder(name, seed, new Shape(Shape.Unknown, 1, 28, 28)).Flatten("flat");
        for (int i = 0; i < hidden.Length; i++)
            builder.Gemm($"fc{i + 1}", hidden[i]).Relu($"relu{i + 1}");
        return builder.Gemm($"fc{hidden.Length + 1}", 10).Build();
    }
}

/// <summary>
/// VGG (Simonyan, Zisserman 2015; configurations D and E) for 32×32 images: batch normalization after each
/// convolution, one fully connected layer, as in Liu et al. 2017 (Network Slimming) and Liu et al. 2019 (Rethinking the
/// Value of Network Pruning).
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
                builder
                    .PaddedConv($"feature.{place}", Math.Min(512, 64 << stage), 3)
                    .BatchNorm($"feature.{place + 1}")
                    .Relu($"feature.{place + 2}");
            if (stage < stages.Length - 1)
                builder.MaxPool($"feature.{place++}", 2, 2);
        }
        return builder
            .AveragePool("avgpool", 2, 2)
            .Flatten("flat")
            .Gemm("classifier", classes)
            .Build(CifarImages.Preprocessing);
    }
}
