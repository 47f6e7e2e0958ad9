using Decant.Core;
using Decant.Formats.Onnx;
using Xunit;

namespace Decant.Tests.Formats.Onnx;

public sealed class RealModelTests
{
    [DataFact("models")]
    public void Every_model_reads_and_its_shapes_are_inferred()
    {
        string[] paths = Directory.GetFiles(DataFactAttribute.PathOf("models"), "*.onnx");
        Assert.NotEmpty(paths);
        foreach (string path in paths)
        {
            Network network = OnnxReader.Read(path);
            NetworkShapes shapes = NetworkShapes.Of(
                network,
                batch: network.Inputs[0].Type.Shape!.Value[0] < 0 ? 2 : null
            );
            foreach (ValueInfo output in network.Outputs)
                Assert.True(
                    shapes[output.Name]!.Shape!.Value.IsKnown,
                    $"{path}: {output.Name} is {shapes[output.Name]}"
                );
            Assert.All(network.Nodes, n => Assert.True(shapes[n.Outputs[0]]?.Shape?.IsKnown, $"{path}: {n}"));
        }
    }

    [DataFact("models/resnet20-cifar10.onnx")]
    public void Option_A_shortcuts_become_constant_Slice_and_Pad()
    {
        Network network = OnnxReader.Read(DataFactAttribute.PathOf("models/resnet20-cifar10.onnx"));
        Assert.Equal("Add 9, Conv 19, Flatten 1, Gemm 1, GlobalAveragePool 1, Pad 2, Relu 19, Slice 4", Count(network));
        Node pad = network.Nodes.First(n => n.Operator.Type == "Pad");
        Assert.Equal([0L, 8, 0, 0, 0, 8, 0, 0], network.Weights[pad.Inputs[1]].Encoding.Decode().Array<long>());
        Assert.Equal(40 + 2 * 2 + 4 * 4, network.Weights.Count);
    }

    [DataFact("models/resnet56-cifar10.onnx")]
    public void ResNet56_has_only_operators_of_the_architecture()
    {
        Network network = OnnxReader.Read(DataFactAttribute.PathOf("models/resnet56-cifar10.onnx"));
        Assert.Equal(
            "Add 27, Conv 55, Flatten 1, Gemm 1, GlobalAveragePool 1, Pad 2, Relu 55, Slice 4",
            Count(network)
        );
    }

    [DataFact("models/resnet20-bn-cifar10.onnx")]
    public void Fixed_batch_stays_fixed()
    {
        Network network = OnnxReader.Read(DataFactAttribute.PathOf("models/resnet20-bn-cifar10.onnx"));
        Assert.Equal(new Shape(1, 3, 32, 32), network.Inputs[0].Type.Shape);
        Assert.Equal(21, network.Nodes.Count(n => n.Operator.Type == "BatchNormalization"));
    }

    [DataFact("models/lenet-5-caffe.onnx")]
    public void LeNet_has_its_published_number_of_weights()
    {
        Network network = OnnxReader.Read(DataFactAttribute.PathOf("models/lenet-5-caffe.onnx"));
        Assert.Equal("Conv 2, Flatten 1, Gemm 2, MaxPool 2, Relu 1", Count(network));
        Assert.Equal(431_080, network.Weights.Sum(w => w.Encoding.Shape.Count));
    }

    [DataFact("models")]
    public void What_is_written_reads_back_the_same()
    {
        foreach (string path in Directory.GetFiles(DataFactAttribute.PathOf("models"), "*.onnx"))
        {
            Network network = OnnxReader.Read(path);
            using var stream = new MemoryStream();
            OnnxWriter.Write(network, stream);
            stream.Position = 0;
            SameNetwork.Assert(network, OnnxReader.Read(stream));
        }
    }

    private static string Count(Network network) =>
        string.Join(
            ", ",
            network
                .Nodes.GroupBy(n => n.Operator.Type)
                .OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => $"{g.Key} {g.Count()}")
        );
}
