using System.Diagnostics;
using Decant.Pipelines;
using Decant.Tests.Runs;
using Decant.Training;
using Xunit;

namespace Decant.Tests.Pipelines;

public sealed class PipelineReaderTests
{
    // Lines of the good recipe, which others stand in for.
    private const string Description = "description: of a test",
        Pixels = "{scale: 1/255, mean: 0.5}",
        HoldOut = "hold-out: 10",
        Level = "level: 0.9",
        Every = "weights: \"*\"",
        Bits = "bits: 4",
        Epochs = "epochs: 2",
        Optimizer = "optimizer: sgd",
        Rate = "learning-rate: 0.01",
        Augment = "{shift: 1, flip: false}";

    private const string Empty = "recipe: x\nstages: []";

    private const string Good = $$"""
        recipe: good
        {{Description}}
        preprocessing: {{Pixels}}
        {{HoldOut}}
        network: {fc1.weight: 12×784}
        techniques:
          prune:
            technique: weight-pruning
            weights: [fc1.weight, "fc2.*"]
            {{Level}}
          share:
            technique: weight-clustering
            {{Every}}
            {{Bits}}
        stages:
          - name: prune
            use: [prune]
            rounds: 3
            {{Epochs}}
            {{Optimizer}}
            {{Rate}}
            augment: {{Augment}}
          - name: share
            use: share
        """;

    [Fact]
    public void AGoodRecipeIsRead()
    {
        Pipeline recipe = Pipeline.Parse(Good, "good.yaml");
        Assert.Equal(("good", "of a test", 10), (recipe.Name, recipe.Description, recipe.HoldOut));
        Assert.Equal("scale=1/255;mean=0.5;std=1;channels=rgb", recipe.Preprocessing!.ToString());
        Assert.Equal(["prune", "share"], recipe.Stages.Select(s => s.Name));
        Assert.Equal(
            (3, 2, OptimizerKind.Sgd, 0.01, 1),
            (
                recipe.Stages[0].Rounds,
                recipe.Stages[0].Training!.Epochs,
                recipe.Stages[0].Training!.Optimizer,
                recipe.Stages[0].Training!.LearningRate,
                recipe.Stages[0].Training!.Augmentation.Shift
            )
        );
        Assert.Null(recipe.Stages[1].Training);
        Assert.True(recipe.NeedsData);
        Assert.Equal(
            ["fc1.weight", "fc2.weight", "fc2.bias"],
            recipe.Stages[0].Uses[0].Select(TinyRun.Network()).Select(w => w.Name)
        );
    }

    /// <summary>What is replaced by what, the line of the error, and words that its message holds.</summary>
    [Theory]
    [InlineData(
        "description: of",
        "descripton: of",
        2,
        "'descripton' is no key of a recipe; there are: recipe, description, preprocessing"
    )]
    [InlineData("recipe: good", "recpe: good", 1, "a recipe needs 'recipe'")]
    [InlineData(HoldOut, "hold-out: 10 %", 4, "'hold-out: 10 %' must be a whole number from 0")]
    [InlineData(HoldOut, "hold-out: -1", 4, "must be a whole number")]
    [InlineData(HoldOut, "hold-out: [1]", 4, "'hold-out' must be one value")]
    [InlineData(Pixels, "{scael: 1/255}", 3, "scael")]
    [InlineData(Pixels, "{scale: 0}", 3, "scale")]
    [InlineData(Pixels, "fast", 3, "'preprocessing' must be 'key: value' lines")]
    [InlineData(
        "technique: weight-pruning",
        "technique: weight-prunning",
        8,
        "there is no technique 'weight-prunning'; there are: "
    )]
    [InlineData("    technique: weight-pruning", "    tecnique: weight-pruning", 8, "'prune' needs 'technique'")]
    [InlineData(Level, "levle: 0.9", 10, "'levle' is no option of this technique; there are: weights, level")]
    [InlineData(
        Level,
        Level + "\n    rmap: linear",
        11,
        "'rmap' is no option of this technique; there are: weights, level, threshold, sensitivity, ramp, at-most"
    )]
    [InlineData(Level, "level: 100%", 10, "'level: 100%' must be a number from 0 to 0.99999")]
    [InlineData(Level, "level: x%", 10, "'level: x%' must be a number from 0 to 0.99999")]
    [InlineData(Level, "level: 1.5", 10, "from 0 to 0.99999")]
    [InlineData(Level, "level: NaN", 10, "from 0 to 0.99999")]
    [InlineData(Level, "level: 0,9", 10, "'level: 0,9' must be a number")]
    [InlineData(Level, Level + "\n    threshold: 1", 8, "exactly one of")]
    [InlineData(Level, Level + "\n    ramp: steep", 11, "'ramp: steep' must be one of geometric, linear, cubic")]
    [InlineData(Bits, "bits: 9", 14, "'bits: 9' must be a whole number from 1 to 8")]
    [InlineData(Bits, "bits: 4 bits", 14, "must be a whole number from 1 to 8")]
    [InlineData(Bits, "centroids: exact", 12, "needs 'bits'")]
    [InlineData(Every, "wieghts: \"*\"", 13, "'wieghts' is no option of this technique; there are: weights")]
    [InlineData(Every, "weights: {a: b}", 13, "'weights' must be a word or a list of words")]
    [InlineData(Every, "weights: [[a]]", 13, "'weights' must be a list of words")]
    [InlineData("use: [prune]", "use: [prun]", 17, "'prun' is no technique of this recipe; there are: prune, share")]
    [InlineData("    use: share", "    epochs: 1", 6, "no stage uses share")]
    [InlineData(
        "rounds: 3",
        "round: 3",
        18,
        "'round' is no key of an entry of 'stages'; there are: name, use, rounds, epochs"
    )]
    [InlineData("rounds: 3", "rounds: 0", 18, "'rounds: 0' must be a whole number from 1 to 1000")]
    [InlineData(Epochs, "epochs: 2.5", 19, "'epochs: 2.5' must be a whole number")]
    [InlineData(Epochs, "epochs: 2k", 19, "without a unit")]
    [InlineData(Epochs, "epochs: 0", 20, "'optimizer' has no effect without 'epochs: 1' or more")]
    [InlineData(Optimizer, "optimizer: lbfgs", 20, "must be one of adam, sgd")]
    [InlineData(Optimizer, "optimizer: 1", 20, "must be one of")]
    [InlineData(Optimizer, "loss: hinge", 20, "'loss: hinge' must be one of cross-entropy, squared-hinge")]
    [InlineData(
        Optimizer,
        "loss: squared-hinge\n    label-smoothing: 0.1",
        21,
        "'label-smoothing' has an effect only with 'loss: cross-entropy'"
    )]
    [InlineData(Rate, "learning-rate: 1%", 21, "write a percentage as a fraction")]
    [InlineData(Rate, "learning-rate: fast", 21, "must be a number from")]
    [InlineData(Augment, "{shft: 1}", 22, "'shft' is no key of 'augment'; there are: shift, flip, rotate, scale")]
    [InlineData(Augment, "{flip: perhaps}", 22, "must be true or false")]
    [InlineData(Augment, "{shift: 1px}", 22, "must be a whole number")]
    [InlineData("name: share", "name: prune", 23, "two stages are named 'prune'")]
    [InlineData(
        "  - name: share\n    use: share",
        "  - name: share\n    rounds: 2",
        23,
        "neither uses a technique nor trains"
    )]
    [InlineData("stages:", "stags:", 1, "a recipe needs 'stages'")]
    [InlineData(Description, "description: [", 24, "this is not YAML")]
    [InlineData(Description, "description: of\ndescription: on", 3, "not YAML")]
    [InlineData(Description, "[a, b]: c", 2, "a key must be a word")]
    [InlineData(Description, "description: *none", 2, "'*none' is an alias")]
    [InlineData(Description, "--- x", 3, "not YAML")]
    public void AnErrorNamesFileAndLineAndWhatWouldWork(string old, string now, int line, string words)
    {
        Assert.Contains(old, Good);
        int at = Good.LastIndexOf(old, StringComparison.Ordinal);
        var e = Assert.Throws<RecipeException>(() =>
            Pipeline.Parse(Good[..at] + now + Good[(at + old.Length)..], "my.yaml")
        );
        Assert.StartsWith($"my.yaml, line {e.Line}: ", e.Message);
        Assert.Contains(words, e.Message);
        Assert.Equal(line, e.Line);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0")]
    [InlineData("- a\n- b")]
    [InlineData("just words")]
    [InlineData("%YAML 9.9\n---\na: b")]
    [InlineData("recipe: x\nstages: []\n---\nrecipe: y\nstages: []")]
    [InlineData("recipe: x\nstages: 3")]
    [InlineData("recipe: x\nstages:\n  - 3")]
    [InlineData("recipe: x\ntechniques: [a]\nstages: []")]
    [InlineData("recipe: {a: b}\nstages: []")]
    [InlineData("recipe:\nstages:\n  -")]
    [InlineData("recipe: !!binary x\n\t- stages: []")]
    public void WhatIsNoRecipeIsSaid(string text) =>
        Assert.Throws<RecipeException>(() => Pipeline.Parse(text, "my.yaml"));

    [Fact]
    public void APatternThatMatchesNothingNamesTheWeightsThereAre()
    {
        Pipeline recipe = Pipeline.Parse(Good.Replace("fc2.*", "conv*"), "my.yaml");
        var e = Assert.Throws<PipelineException>(() => recipe.Stages[0].Uses[0].Select(TinyRun.Network()));
        Assert.Equal(
            "'weights' of 'prune': 'conv*' matches no weight; "
                + "the network has fc1.weight, fc1.bias, fc2.weight, fc2.bias",
            e.Message
        );
    }

    [Fact]
    public void AHugeRecipeIsRefused() =>
        Assert.Contains(
            "longer than",
            Assert.Throws<RecipeException>(() => Pipeline.Parse(new string('#', 2_000_000), "my.yaml")).Message
        );

    [Fact]
    public void BombsOfAliasesAndNestingEndSoon()
    {
        var clock = Stopwatch.StartNew();
        string bomb =
            "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
            + string.Concat(
                Enumerable
                    .Range(1, 30)
                    .Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 9))}]\n")
            );
        Assert.Throws<RecipeException>(() => Pipeline.Parse(bomb, "my.yaml"));
        Assert.Throws<RecipeException>(() => Pipeline.Parse($"{Empty}\n{bomb}", "my.yaml"));
        Assert.Throws<RecipeException>(() => Pipeline.Parse("&a [*a]", "my.yaml"));
        Assert.Throws<RecipeException>(() => Pipeline.Parse("recipe: x\nstages: &a [*a]", "my.yaml"));
        Assert.Throws<RecipeException>(() => Pipeline.Parse(Empty + "\ntechniques: &a {p: *a}", "my.yaml"));
        Assert.True(clock.Elapsed.TotalSeconds < 10, $"{clock.Elapsed}");
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    public void NestingWithoutEndDoesNotExhaustTheStack(string open)
    {
        string deep = string.Concat(Enumerable.Repeat(open, 200_000));
        Assert.Throws<RecipeException>(() => Pipeline.Parse(deep[..Math.Min(deep.Length, 1 << 20)], "my.yaml"));
    }

    [Fact]
    public void FewerEpochsAreAnotherRecipe()
    {
        Pipeline recipe = Pipeline.Parse(Good, "good.yaml"),
            brief = recipe.WithEpochs(0.25);
        Assert.Equal(1, brief.Stages[0].Training!.Epochs);
        Assert.NotEqual(recipe.Identity, brief.Identity);
    }
}
