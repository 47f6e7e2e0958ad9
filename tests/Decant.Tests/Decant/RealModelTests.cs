using Decant.Core;
using Decant.Data;
using Decant.Runtime;
using Decant.Training;
using Xunit;

namespace Decant.Tests;

/// <summary>The trained LeNets, on the first images of MNIST's test set.</summary>
[Collection("libtorch")]
public sealed class RealModelTests
{
    [DataFact("mnist", "models", Libtorch = true)]
    public void BothExecutorsClassifyAlike()
    {
        LabelledImages test = Mnist.Read(DataFactAttribute.PathOf("mnist"), DatasetPart.Test).First(1000);
        foreach (string model in new[] { "lenet-300-100-caffe", "lenet-300-100-dns", "lenet-5-caffe", "lenet-5-dns" })
        {
            Network network = Models.Load(DataFactAttribute.PathOf($"models/{model}.onnx"));
            using var runtime = new ReferenceExecutor(network);
            using var torch = new TorchExecutor(network);
            Score expected = new Classification().Evaluate(network, runtime, test, Preprocessings.Of(network));
            Assert.Equal(expected, new Classification().Evaluate(network, torch, test, Preprocessings.Of(network)));
            Assert.True(expected["top-1"] > 0.9, $"{model}: {expected["top-1"]}");
        }
    }
}
