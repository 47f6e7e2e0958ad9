using Decant.Core;
using Decant.Data;
using Decant.Pipelines;
using Decant.Runs;
using Decant.Sensitivity;
using Xunit;

namespace Decant.Tests.Sensitivity;

public sealed class SensitivityRecipeTests
{
    [Theory]
    [InlineData(0.02)]
    [InlineData(0.2)]
    public void TheRecipeKeepsTheAccuracyThatItPromises(double loss)
    {
        Network network = Centroids.Network();
        var analysis = new SensitivityAnalysis(network, Centroids.Options);
        SensitivityReport report = analysis.Run();
        double target = report.Reference.Primary.Value - loss;
        SensitivityChoice choice = analysis.Choose(report, target);
        Assert.True(choice.Score.Primary.Value >= target && choice.Kept < choice.Of);
        (Network pruned, var ran) = Compress(network, SensitivityRecipe.Of(report, choice), Centroids.Options);
        Assert.Equal(choice.Score.Primary.Value, ran.After!.Primary.Value);
        Assert.Equal(choice.Kept, pruned.Weights.Where(w => w.Encoding.Shape.Rank > 1).Sum(w => w.Encoding.NonZeros));
    }

    [Fact]
    public void TheRecipeNamesThePreprocessingThatWasAskedFor()
    {
        SensitivityOptions options = Centroids.Options with
        {
            Preprocessing = Preprocessing.Parse("scale=1/200;mean=0.01"),
            Seed = 4,
        };
        Network network = Centroids.Network();
        var analysis = new SensitivityAnalysis(network, options);
        SensitivityReport report = analysis.Run();
        string text = SensitivityRecipe.Write(report, analysis.Choose(report, report.Reference.Primary.Value - 0.05));
        Pipeline recipe = Pipeline.Parse(text, "a.yaml");
        Assert.Equal(options.Preprocessing, recipe.Preprocessing);
        Assert.Equal(100, recipe.HoldOut);
        Assert.Contains("the validation set (seed 4)", text);
    }

    [Fact]
    public void NamesThatYamlOrPatternsMistakeAreWritten()
    {
        string[] names =
        [
            "a: b",
            "*",
            "w?",
            "back\\slash",
            "quote\"d",
            "it's",
            "# no comment",
            "{x}",
            "- dash",
            "layer/1:0",
            "tab\there",
            "new\nline",
            "ü→",
            "null",
            "~",
        ];
        Network network = Centroids.Network();
        Network strange = new(
            "",
            network.Inputs,
            network.Outputs,
            network.Nodes,
            network.Weights.Concat(
                names.Append("other").Select(n => new Weight(n, Tensor.Of(new Shape(2, 2), new float[] { 1, 2, 3, 4 })))
            )
        );
        var report = new SensitivityReport(
            "d\nata",
            1,
            Scores.Top(0.9, 10),
            false,
            [
                .. names
                    .Append("other")
                    .Select(n => new SensitivityCurve(
                        n,
                        4,
                        [n],
                        [new(0, 4, Scores.Top(0.9)), new(0.5, 2, Scores.Top(0.9))]
                    )),
            ]
        );
        var choice = new SensitivityChoice(
            0.8,
            [.. names.Select(n => new ChosenLevel(n, 0.5)), new("other", 0)],
            Scores.Top(0.85, 10),
            2,
            4
        );
        Pipeline recipe = Pipeline.Parse(SensitivityRecipe.Write(report, choice), "a.yaml");
        Assert.Equal(SensitivityRecipe.Of(report, choice), recipe);
        Assert.Equal(names, recipe.Stages.Single().Uses.Select(u => u.Name));
        Assert.Equal(names, recipe.Stages.Single().Uses.Select(u => Assert.Single(u.Select(strange)).Name));
        Assert.False(recipe.Trains);
    }

    private static (Network, Decant.Reports.CompressionReport) Compress(
        Network network,
        Pipeline recipe,
        SensitivityOptions options
    ) =>
        new Compressor(
            recipe,
            new CompressionOptions
            {
                Train = options.Train,
                Test = options.Train.Split(options.Images!.Value, options.Seed).HeldOut,
                Seed = options.Seed,
            }
        ).Run(network, null);
}
