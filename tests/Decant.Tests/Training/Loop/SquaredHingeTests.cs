using Decant.Core;
using Decant.Tests.Torch;
using Decant.Torch;
using Decant.Training;
using Xunit;

namespace Decant.Tests.Training.Loop;

[Collection("libtorch")]
public sealed class SquaredHingeTests
{
    [TorchFact]
    public void LossAndGradientAreThoseCountedClassByClass()
    {
        using var scope = new TorchScope();
        float[] y = [2f, -3f, 0.5f, -0.25f, 1.5f, 1f];
        long[] labels = [0, 2];
        TorchTensor outputs = Tensor.Of(new Shape(2, 3), y).ToTorch();
        outputs.RequiresGrad = true;
        TorchTensor loss = new SquaredHinge().Of(outputs, Tensor.Vector(labels).ToTorch());
        loss.Backward();
        double expected = 0;
        float[] gradient = new float[6],
            got = outputs.Grad!.ToTensor().Array<float>();
        for (int i = 0; i < 6; i++)
        {
            float t = labels[i / 3] == i % 3 ? 1 : -1,
                miss = Math.Max(0, 1 - (t * y[i]));
            expected += miss * miss / 6;
            gradient[i] = -2 * t * miss / 6;
        }
        Assert.Equal(expected, loss.ToDouble(), 1e-6);
        for (int i = 0; i < 6; i++)
            Assert.Equal(gradient[i], got[i], 1e-6f);
    }
}
