using Decant.Torch;
using Xunit;

namespace Decant.Tests.Torch;

/// <summary>Where tensors lie.</summary>
[Collection("libtorch")]
public sealed class DeviceTests
{
    [TorchFact]
    public void TensorsLieOnTheProcessorUnlessSaid()
    {
        Assert.Equal("cpu", LibTorch.Device);
        using var scope = new TorchScope();
        Assert.False(TorchTensor.From<float>([1, 2], 2).IsCuda || Ops.Zeros([2]).IsCuda || Ops.Arange(0, 4).IsCuda);
        Assert.Equal([0f, 0f], Ops.Zeros([2], device: "cpu").ToArray<float>());
    }

    [TorchFact]
    public void ADeviceThatIsNotThereIsNamedAndChangesNothing()
    {
        foreach (string none in new[] { "gpu", "meta", "cuda:", "cpu:1", "" })
            Assert.Equal(
                $"device: there is no '{none}'; cpu, cuda, or cuda:1 for the second GPU would work",
                Assert.Throws<TorchException>(() => LibTorch.Device = none).Message
            );
        if (!LibTorch.CudaAvailable)
            Assert.Contains(
                "'cuda' needs a GPU",
                Assert.Throws<TorchException>(() => LibTorch.Device = "cuda").Message
            );
        Assert.Contains("cuda:99", Assert.Throws<TorchException>(() => LibTorch.Device = "cuda:99").Message);
        Assert.Equal("cpu", LibTorch.Device);
    }
}
