using Decant.Core;
using Decant.Techniques;
using Decant.Techniques.Quantization;
using Decant.Tests.Runs;
using Decant.Tests.Torch;
using Decant.Torch;
using Decant.Training;
using Xunit;

namespace Decant.Tests.Techniques.Quantization;

[Collection("libtorch")]
public sealed class RoundingFormTests
{
    [TorchFact]
    public void ARoundingBeginsAtTheWeightAndEndsAStepUpOrDown()
    {
        float[] numbers = [0.2f, -1.3f, 0.74f, 2.6f, 0, -0.5f];
        var grid = new LinearEncoding(new Shape(2, 3), 4, [0, -1, 1, 5, 0, -1], [1, 0.5f], [], 0);
        using var scope = new TorchScope();
        using var form = new RoundingForm(Tensor.Of(new Shape(2, 3), numbers), grid);
        float[] soft = form.Effective().ToArray<float>(), hard = form.Evaluated().ToArray<float>();
        for (int i = 0; i < 6; i++) Assert.Equal(numbers[i], soft[i], 2e-3f);
        Assert.Equal([0f, -1, 1, 2.5f, 0, -0.5f], hard);
        Assert.Equal(hard, form.ToEncoding().Decode().Array<float>());
    }

    [TorchFact]
    public void ThePenaltyFallsToNothingWhereRoundingsAreDecided()
    {
        Network network = TinyRun.Network();
        TrainingHook hook = Options.Make("adaptive-rounding", ("bits", "3"), ("penalty", "2"), ("free", "0.5"))
            .During(new TechniqueContext(network, [network.Weights["fc1.weight"]]))!;
        using var torch = new TrainingNetwork(network, hook.Form);
        using var scope = new TorchScope();
        hook.Begin(torch);
        Assert.IsType<FrozenForm>(torch.Forms["fc2.weight"]);
        var form = Assert.IsType<RoundingForm>(torch.Forms["fc1.weight"]);
        TorchTensor? Penalty(long step)
        {
            hook.BeforeStep(torch, step, 100);
            return hook.Penalty(null!);
        }
        Assert.Null(Penalty(10));
        // At the end β is 2: the mean of 1 − (2h − 1)².
        double expected = 2 * form.Shares().ToArray<float>().Average(h => 1 - Math.Pow(2 * h - 1, 2));
        Assert.Equal(expected, Penalty(100)!.ToDouble(), 1e-4);
        using (new NoGrad()) form.Parameter.Fill_(9);
        Assert.Equal(0, Penalty(100)!.ToDouble(), 1e-6);
        hook.Dispose();
    }
}
