using Decant.Core;
using Decant.Data;
using Decant.Runtime;
using Xunit;

namespace Decant.Tests;

/// <summary>
/// The published ResNet-20, once as a PyTorch state dictionary in the zoo's network, once as ONNX with its batch norms
/// folded by others.
/// </summary>
public sealed class PublishedWeightsTests
{
    private const int Images = 500,
        Batch = 100,
        Classes = 10;

    [DataFact("cifar-10", "models")]
    public void ResNet20ComputesWhatItsOnnxFormDoes()
    {
        Network zoo = Models.Load("zoo:resnet20", weights: DataFactAttribute.PathOf("models/resnet20-12fca82f.th"));
        Network onnx = Models.Load(DataFactAttribute.PathOf("models/resnet20-cifar10.onnx"));
        LabelledImages test = Cifar10.Read(DataFactAttribute.PathOf("cifar-10"), DatasetPart.Test).First(Images);
        Tensor[] batches =
        [
            .. Enumerable.Range(0, Images / Batch).Select(b => Inputs(test, b * Batch, Preprocessings.Of(zoo))),
        ];
        float[] expected = Outputs(onnx, batches),
            actual = Outputs(zoo, batches);
        Assert.True(expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max() < 1e-3);
        int[] classes = Top(actual);
        Assert.Equal(Top(expected), classes);
        Assert.InRange(classes.Zip(test.Labels).Count(p => p.First == p.Second), 0.9 * Images, Images);
    }

    private static Tensor Inputs(LabelledImages images, int from, Preprocessing pixels)
    {
        Tensor input = Tensor.Zeros(ElementType.Float32, new Shape(Batch, 3, 32, 32));
        int size = images.ImageSize;
        for (int i = 0; i < Batch; i++)
            pixels.Apply(
                images.Images.Span<byte>().Slice((from + i) * size, size),
                images.ImageShape,
                input.Span<float>().Slice(i * size, size)
            );
        return input;
    }

    private static float[] Outputs(Network network, Tensor[] batches)
    {
        using InferenceSession session = new InferenceModel(
            network,
            new InferenceOptions { Threads = 1 }
        ).CreateSession();
        return [.. batches.SelectMany(b => session.Run([b])[0].Array<float>())];
    }

    private static int[] Top(float[] outputs) => [.. outputs.Chunk(Classes).Select(o => Array.IndexOf(o, o.Max()))];
}
