using Decant.Reports;
using Decant.Tests.Torch;
using Xunit;

namespace Decant.Tests.Reproduce;

[Collection("libtorch")]
public sealed class DropNeuronTests
{
    [TorchFact]
    public void TheShortFormCountsWhatIsLeftAndGoesOnFromWhatIsThere()
    {
        IReadOnlyList<ResultRow> rows = ShortRun.RunTwice("drop-neuron");
        double Of(string what) =>
            rows.Single(r => r.Name.StartsWith($"ℓ1+DN+P, seed 1: {what}", StringComparison.Ordinal)).Measured;
        Assert.Equal((400_000 * Of("W FC1") + 5_000 * Of("W FC2")) / 405_000, Of("W total"), 1e-9);
        Assert.Equal(100 * (Of("O FC1") + Of("O FC2") + 10) / 1310, Of("O total"), 1e-9);
        Assert.Equal(100 / Of("W total"), Of("compression rate"), 1e-9);
        Assert.InRange(Of("accuracy (paper"), 50, 100);
        Assert.InRange(Of("W total"), 0.01, 90);
    }
}
