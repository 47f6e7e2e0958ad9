using Decant.Experiments;
using Decant.Reports;
using Decant.Tests.Torch;
using Decant.Tests.Training.Data;
using Decant.Torch;
using Decant.Training.Data;
using Xunit;

namespace Decant.Tests.Experiments;

[Collection("libtorch")]
public sealed class PrunedLeNetsTests
{
    [TorchFact]
    public void TheShortFormsRunAndComeToTheSameWhenRunAgain()
    {
        LibTorch.Threads = 1;
        foreach (string name in new[] { "pruning-12x", "dynamic-surgery" })
        {
            using var folder = new TemporaryFolder();
            var setting = new ExperimentSetting(DataRoot.Resolve(folder["none"]), folder["runs"], Quick: true);
            IReadOnlyList<ResultRow> rows = ExperimentCatalogue.Find(name).Run(setting, new Progress<string>(), default);
            Assert.All(rows, r => Assert.True(r.Holds));
            Assert.Contains(rows, r => r.Name == "lenet-300-100, seed 1: weights left" && r.Measured is > 1000 and < 22_000);
            Assert.Equal(rows, ExperimentCatalogue.Find(name).Run(setting, new Progress<string>(), default));
        }
    }
}
