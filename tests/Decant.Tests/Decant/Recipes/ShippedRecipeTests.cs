using Decant.Core;
using Decant.Recipes;
using Decant.Runs;
using Decant.Tests.Training.Data;
using Decant.Zoo;
using Xunit;

namespace Decant.Tests.Recipes;

public sealed class ShippedRecipeTests
{
    public static TheoryData<string, string> Fits => new()
    {
        { "deep-compression", "lenet-300-100" }, { "deep-compression", "lenet-5" }, { "train", "lenet-300-100" }, { "train", "lenet-5" },
        { "lossless", "lenet-300-100" }, { "lossless", "lenet-5" }, { "lossless", "mlp" },
    };

    [Theory]
    [MemberData(nameof(Fits))]
    public void EveryRecipeFitsItsNetworks(string name, string network)
    {
        Network made = Architectures.Create(network, 1);
        Recipe recipe = ShippedRecipes.Load(name, made);
        Assert.Equal(name, recipe.Name);
        Assert.NotEmpty(recipe.Description);
        new Compressor(recipe, new CompressionOptions()).Plan(made);
    }

    [Fact]
    public void EveryRecipeOfTheRepositoryIsShipped() => Assert.Equal(["deep-compression", "lossless", "train"], ShippedRecipes.Names);

    [Fact]
    public void ARecipeThatIsNotThereOrDoesNotFitSaysWhatWould()
    {
        Network mlp = Architectures.Create("mlp", 1);
        Assert.Contains("deep-compression, lossless, train", Assert.Throws<DecantException>(() => ShippedRecipes.Load("deep", mlp)).Message);
        var e = Assert.Throws<DecantException>(() => ShippedRecipes.Load("deep-compression", mlp));
        Assert.Contains("'fc1.weight' of 300×784", e.Message);
        Assert.Contains("'conv1.weight' of 20×1×5×5", e.Message);
        Assert.Null(ShippedRecipes.Find("deep-compression", mlp));
        Assert.Throws<DecantException>(() => ShippedRecipes.Load("none.yaml", mlp));
        using var folder = new TemporaryFolder();
        string own = folder.Write("own.yaml", "recipe: own\nnetwork: {fc1.weight: 3×3}\nstages:\n  - name: t\n    epochs: 1"u8.ToArray());
        Assert.Contains("fc1.weight", Assert.Throws<DecantException>(() => ShippedRecipes.Load(own, mlp)).Message);
    }

    [Fact]
    public void ThePlanOfDeepCompressionSaysWhatBecomesOfEachWeight()
    {
        Network network = Architectures.Create("lenet-300-100", 1);
        var plan = new Compressor(ShippedRecipes.Load("deep-compression", network), new CompressionOptions()).Plan(network);
        string[] lines = [.. plan.Select(p => $"{p.Stage} {p.Round} {p.Change.Weight}: {p.Change.What}")];
        Assert.Equal(6 * 3 + 6, lines.Length);
        Assert.Equal("prune 1 fc1.weight: keep 137,546 of 235,200 weights (58.48 %): level 0.4152", lines[0]);
        Assert.Equal("prune 6 fc1.weight: keep 9,408 of 235,200 weights (4 %): level 0.96", lines[15]);
        Assert.Equal("prune 6 fc2.weight: keep 2,100 of 30,000 weights (7 %): level 0.93", lines[16]);
        Assert.Equal("prune 6 fc3.weight: keep 300 of 1,000 weights (30 %): level 0.7", lines[17]);
        Assert.Equal("share 1 fc1.weight: share 16 numbers (4 bits) among 235,200 weights, zero apart: k-means, exact", lines[18]);
        Assert.Equal("share 1 fc3.bias: share 16 numbers (4 bits) among 10 weights: k-means, exact", lines[23]);
    }
}
