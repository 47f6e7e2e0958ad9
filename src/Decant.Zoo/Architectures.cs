using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Zoo;

/// <summary>Known architectures by name, with weights initialized from a seed.</summary>
public static class Architectures
{
    private static readonly ImmutableSortedDictionary<string, ZooEntry> Entries = new ZooEntry[]
    {
        new(
            "densenet-bc-100",
            "DenseNet-BC of 100 layers, growth 12 (Huang et al. 2017), CIFAR-10",
            32,
            DenseNets.DenseNetBc100
        ),
        new(
            "densenet-bc-100-cifar100",
            "DenseNet-BC of 100 layers, growth 12, CIFAR-100",
            32,
            DenseNets.DenseNetBc100For100
        ),
        new("lenet-300-100", "784-300-100-10 multilayer perceptron (LeCun 1998), MNIST", 28, LeNets.LeNet300100),
        new("lenet-5", "Caffe's LeNet-5: 20 and 50 5×5 filters, 500 and 10 units, MNIST", 28, LeNets.LeNet5),
        new("mlp", "784-1024-1024-1024-10 multilayer perceptron, MNIST", 28, LeNets.Mlp),
        new(
            "preresnet-110",
            "pre-activation ResNet of 110 layers, bottlenecks (He et al. 2016), CIFAR-10",
            32,
            PreResNets.PreResNet110
        ),
        new(
            "preresnet-110-cifar100",
            "pre-activation ResNet of 110 layers, bottlenecks, CIFAR-100",
            32,
            PreResNets.PreResNet110For100
        ),
        new("resnet-20", "ResNet of 20 layers, shortcuts of option A (He et al. 2016), CIFAR-10", 32, ResNets.ResNet20),
        new("resnet-32", "ResNet of 32 layers, CIFAR-10", 32, ResNets.ResNet32),
        new("resnet-56", "ResNet of 56 layers, CIFAR-10", 32, ResNets.ResNet56),
        new("resnet-110", "ResNet of 110 layers, CIFAR-10", 32, ResNets.ResNet110),
        new(
            "vgg-16",
            "VGG-16 with batch normalization and one fully connected layer (Simonyan, Zisserman 2015), CIFAR-10",
            32,
            Vggs.Vgg16
        ),
        new("vgg-19", "VGG-19 with batch normalization and one fully connected layer, CIFAR-10", 32, Vggs.Vgg19),
        new(
            "vgg-19-cifar100",
            "VGG-19 with batch normalization and one fully connected layer, CIFAR-100",
            32,
            Vggs.Vgg19For100
        ),
    }.ToImmutableSortedDictionary(e => e.Name, e => e, StringComparer.Ordinal);

    private static readonly ImmutableDictionary<string, ZooEntry> ByLetters = Entries.Values.ToImmutableDictionary(
        e => Letters(e.Name),
        StringComparer.Ordinal
    );

    /// <summary>All entries, by name.</summary>
    public static IEnumerable<ZooEntry> All => Entries.Values;

    /// <summary>Makes a network.</summary>
    /// <param name="name">A name in <see cref="All"/>; its dashes may be left out.</param>
    /// <param name="seed">Decides the initial weights.</param>
    /// <exception cref="ModelException">There is no such name.</exception>
    public static Network Create(string name, ulong seed) =>
        ByLetters.TryGetValue(Letters(name), out var entry)
            ? entry.Make(seed)
            : throw new ModelException($"the zoo has no '{name}'; it has {string.Join(", ", Entries.Keys)}");

    private static string Letters(string name) => name.Replace("-", "", StringComparison.Ordinal);
}

/// <summary>One architecture of the zoo.</summary>
/// <param name="Name">Its name after <c>zoo:</c>.</param>
/// <param name="Description">What it is, in one line.</param>
/// <param name="ImageSize">The side of the square images it takes.</param>
/// <param name="Make">Makes it from a seed.</param>
public sealed record ZooEntry(string Name, string Description, int ImageSize, Func<ulong, Network> Make);
