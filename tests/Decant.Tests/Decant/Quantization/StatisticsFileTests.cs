using Decant.Core;
using Decant.Data;
using Decant.Pipelines;
using Decant.Quantization;
using Decant.Techniques.Statistics;
using Decant.Tests.Runs;
using Decant.Tests.Torch;
using Xunit;

namespace Decant.Tests.Quantization;

[Collection("libtorch")]
public sealed class StatisticsFileTests
{
    [TorchFact]
    public void WhatIsWrittenIsReadBackAndReadsWell()
    {
        NetworkStatistics statistics = NetworkValues.Statistics(
            TinyRun.Network(),
            TinyRun.Train,
            50,
            Preprocessing.Parse("scale=1/255")
        );
        Assert.Equal(["fc1", "fc2", "flat", "image", "relu1"], statistics.Values.Keys);
        string text = StatisticsFile.Write(statistics, "tiny on 50 images");
        NetworkStatistics back = StatisticsFile.Read(text, "s.yaml");
        Assert.Equal(text, StatisticsFile.Write(back, "tiny on 50 images"));
        Assert.Equal(50 * 49, back["image"].Count);
        Assert.Equal(0, back["relu1"].Low);
        Assert.StartsWith(
            "statistics: \"tiny on 50 images\"\nvalues:\n  \"fc1\":\n    shape: 12\n    count: 600\n    min: ",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("no statistics of activation 'fc3'", Assert.Throws<ModelException>(() => back["fc3"]).Message);
    }

    [Theory]
    [InlineData("    max: 1", "    max: -2", "line 6: 'max: -2' lies below 'min: 0'")]
    [InlineData("    mean: 0.5", "    mean: low", "line 9: 'mean: low' must be a number")]
    [InlineData("    mean: 0.5\n", "", "needs 'mean'")]
    [InlineData("    mean: 0.5", "    mean: 0.5\n    median: 1", "line 10: ")]
    [InlineData("counts: \"1 2\"", "counts: \"1 two\"", "line 12: 'two' is no count")]
    [InlineData("first: 2048", "first: 4095", "line 12: there are more counts than the 4096 bins")]
    [InlineData("shape: 2x3", "shape: two", "line 4: 'two' is no extent of a shape")]
    public void WhatIsWrongIsNamedByItsLine(string good, string bad, string message)
    {
        const string Text = """
            statistics: "s"
            values:
              "v":
                shape: 2x3
                min: 0
                max: 1
                average-min: 0
                average-max: 1
                mean: 0.5
                deviation: 0.5
                laplace: 0.4
                histogram: {width: 0.5, first: 2048, counts: "1 2"}

            """;
        Assert.Equal(2, StatisticsFile.Read(Text, "s.yaml")["v"].Histogram.Counts[2049]);
        Assert.Contains(
            message,
            Assert
                .Throws<RecipeException>(() =>
                    StatisticsFile.Read(Text.Replace(good, bad, StringComparison.Ordinal), "s.yaml")
                )
                .Message
        );
    }
}
