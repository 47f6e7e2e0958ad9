using Decant.Core;
using Decant.Formats.Onnx;
using Xunit;

namespace Decant.Tests.Channels;

/// <summary>The published networks have the groups that one expects, and are cut rightly.</summary>
public sealed class RealModelThinningTests
{
    [DataFact("models/resnet20-cifar10.onnx")]
    public void ResNet20HasAnInnerGroupABlockAndOneStream() => ResNet("resnet20-cifar10.onnx", blocks: 3);

    [DataFact("models/resnet56-cifar10.onnx")]
    public void ResNet56HasAnInnerGroupABlockAndOneStream() => ResNet("resnet56-cifar10.onnx", blocks: 9);

    [DataFact("models/resnet20-bn-cifar10.onnx")]
    public void ShortcutsThatAreConvolutionsLeaveAStreamAStage()
    {
        Network network = Load("resnet20-bn-cifar10.onnx");
        ChannelGroups groups = ChannelGroups.Of(network);
        Assert.Equal([4, 1, 1, 1, 1, 4, 1, 1, 1, 4, 1, 1], groups.Where(g => !g.IsFixed).Select(g => g.Layers.Count));
        Channel inner = groups["Conv_3"].Channels[2];
        Assert.Equal(6, inner.Members.Count);
        Assert.Equal(
            ["ResBlock1.0.bn1.running_mean", "ResBlock1.0.bn1.running_var"],
            inner
                .Members.Where(m => m.Role == ChannelRole.Companion)
                .Select(m => m.Weight)
                .Order(StringComparer.Ordinal)
        );
        Network thinned = Cut.Same(network, Cut.Random(groups, new Rng(5), 0.4));
        Assert.True(Cut.Macs(thinned) < 0.6 * Cut.Macs(network));
    }

    [DataFact("models/squeezenet-v1.0-imagenet.onnx")]
    public void SqueezeNetsFireModulesAreFree()
    {
        Network network = Load("squeezenet-v1.0-imagenet.onnx");
        ChannelGroups groups = ChannelGroups.Of(network);
        Assert.Equal(26, groups.Count);
        Assert.Equal(25, groups.Count(g => !g.IsFixed));
        Network thinned = Cut.Same(network, Cut.Random(groups, new Rng(3), 0.5), batch: 1);
        Assert.True(Cut.Macs(thinned) < Cut.Macs(network) / 2);
    }

    [DataFact("models/lenet-5-caffe.onnx")]
    public void ALeNetsChannelIsABlockOfItsFirstMatrix()
    {
        Network network = Load("lenet-5-caffe.onnx");
        ChannelGroups groups = ChannelGroups.Of(network);
        Assert.Equal([20, 50, 500, 10], groups.Select(g => g.Count));
        Assert.Equal([false, false, false, true], groups.Select(g => g.IsFixed));
        Assert.Equal(16, groups[1].Channels[7].Members.Single(m => m.Role == ChannelRole.Consumer).Indices.Length);
        Cut.Same(network, Cut.Random(groups, new Rng(3), 0.5));
    }

    [DataFact("models/lenet-300-100-dns.onnx")]
    public void NeuronsThatDynamicSurgeryLeftUnreadGo()
    {
        Network network = Load("lenet-300-100-dns.onnx");
        ConstantRemoval removal = ConstantChannels.Remove(network);
        Assert.Equal(
            [new RemovedChannels("fc1", 238, "unread"), new RemovedChannels("fc2", 82, "unread")],
            removal.Removed.ToArray()
        );
        Cut.Same(network, removal.Network);
    }

    private static void ResNet(string file, int blocks)
    {
        Network network = Load(file);
        ChannelGroups groups = ChannelGroups.Of(network);
        ChannelGroup[] free = [.. groups.Where(g => !g.IsFixed)];
        Assert.Equal(3 * blocks + 1, free.Length);
        Assert.Equal(64, free[0].Count);
        Assert.Equal(3 * blocks + 1, free[0].Layers.Count);
        Assert.Equal(
            [.. Enumerable.Repeat(16, blocks), .. Enumerable.Repeat(32, blocks), .. Enumerable.Repeat(64, blocks)],
            free[1..].Select(g => g.Count)
        );
        Assert.Single(groups, g => g.IsFixed && g.FixedBy!.StartsWith("output", StringComparison.Ordinal));
        Dictionary<string, bool[]> kept = Cut.Random(groups, new Rng(5), 0.4);
        Network thinned = Cut.Same(network, kept);
        Assert.True(Cut.Macs(thinned) < 0.6 * Cut.Macs(network));
        Cut.Same(thinned, Cut.Random(ChannelGroups.Of(thinned), new Rng(6), 0.3));
    }

    private static Network Load(string file) => OnnxReader.Read(DataFactAttribute.PathOf($"models/{file}"));
}
