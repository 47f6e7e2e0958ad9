using Decant.Core;

namespace Decant.Zoo;

/// <summary>The networks of LeCun et al. (1998) in the forms the compression papers use.</summary>
internal static class LeNets
{
    public static Network LeNet300100(ulong seed) => Perceptron("lenet-300-100", seed, 300, 100);

    public static Network Mlp(ulong seed) => Perceptron("mlp", seed, 1024, 1024, 1024);

    public static Network LeNet5(ulong seed) => new NetworkBuilder("lenet-5", seed, new Shape(Shape.Unknown, 1, 28, 28))
        .Conv("conv1", 20, 5).MaxPool("pool1", 2, 2)
        .Conv("conv2", 50, 5).MaxPool("pool2", 2, 2)
        .Flatten("flat").Gemm("fc1", 500).Relu("relu1").Gemm("fc2", 10)
        .Build();

    private static Network Perceptron(string name, ulong seed, params int[] hidden)
    {
        NetworkBuilder builder = new NetworkBuilder(name, seed, new Shape(Shape.Unknown, 1, 28, 28)).Flatten("flat");
        for (int i = 0; i < hidden.Length; i++) builder.Gemm($"fc{i + 1}", hidden[i]).Relu($"relu{i + 1}");
        return builder.Gemm($"fc{hidden.Length + 1}", 10).Build();
    }
}
