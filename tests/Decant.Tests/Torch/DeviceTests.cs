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
                Assert.Throws<TorchException>(() => LibTorch.CheckDevice(none)).Message
            );
        if (!LibTorch.CudaAvailable)
            Assert.Contains(
                "'cuda' needs a GPU",
                Assert.Throws<TorchException>(() => LibTorch.CheckDevice("cuda")).Message
            );
        Assert.Contains("cuda:99", Assert.Throws<TorchException>(() => On("cuda:99")).Message);
    }

    private static void On(string device)
    {
        using TorchRun run = TorchRun.Begin(new TorchSettings { Device = device });
        using var scope = new TorchScope();
        Ops.Zeros([2]);
    }
}
