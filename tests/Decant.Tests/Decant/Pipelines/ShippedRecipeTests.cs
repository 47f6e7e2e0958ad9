using Decant.Core;
using Decant.Pipelines;
using Decant.Runs;
using Decant.Tests.Data;
using Decant.Zoo;
using Xunit;

namespace Decant.Tests.Pipelines;

public sealed class ShippedRecipeTests
{
    public static TheoryData<string, string> Fits =>
        new()
        {
            { "deep-compression", "lenet-300-100" },
            { "deep-compression", "lenet-5" },
            { "train", "lenet-300-100" },
            { "train", "lenet-5" },
            { "lossless", "lenet-300-100" },
            { "lossless", "lenet-5" },
            { "lossless", "mlp" },
        };

    [Theory]
    [MemberData(nameof(Fits))]
    public void EveryRecipeFitsItsNetworks(string name, string network)
    {
        Network made = Architectures.Create(network, 1);
        Pipeline recipe = ShippedRecipes.Load(name, made);
        Assert.Equal(name, recipe.Name);
        Assert.NotEmpty(recipe.Description);
        new Compressor(recipe, new CompressionOptions()).Plan(made);
    }

    /// <summary>Each names weights of one published network: those that it cuts, and the way they are ranked.</summary>
    [DataFact("models")]
    public void RecipesForResNetsSelectTheirConvolutions()
    {
        Assert.Equal([6, 6, 6], Selected("resnet20-cifar10", "prune", 3));
        Assert.Equal([6, 7, 7], Selected("resnet20-bn-cifar10", "prune", 3));
        Assert.Equal([24], Selected("resnet56-cifar10", "channels", 1));
        Assert.Equal([18, 2], Selected("resnet20-cifar10", "learn", 2, "quantization-4-4"));
        Assert.Equal([18], Selected("resnet20-cifar10", "few", 1, "ternary"));

        static IEnumerable<int> Selected(string model, string stage, int cutting, string name = "resnet-pruning")
        {
            Network network = global::Decant.Models.Load(DataFactAttribute.PathOf($"models/{model}.onnx"));
            Pipeline recipe = ShippedRecipes.Load(name, network);
            Assert.NotEmpty(recipe.Description);
            return recipe.Stages.Single(s => s.Name == stage).Uses.Take(cutting).Select(u => u.Select(network).Count);
        }
    }

    [Fact]
    public void EveryRecipeOfTheRepositoryIsShipped() =>
        Assert.Equal(
            ["deep-compression", "lossless", "quantization-4-4", "resnet-pruning", "ternary", "train"],
            ShippedRecipes.Names
        );

    [Fact]
    public void ARecipeThatIsNotThereOrDoesNotFitSaysWhatWould()
    {
        Network mlp = Architectures.Create("mlp", 1);
        Assert.Contains(
            "deep-compression, lossless, quantization-4-4, resnet-pruning, ternary, train",
            Assert.Throws<DecantException>(() => ShippedRecipes.Load("deep", mlp)).Message
        );
        var e = Assert.Throws<DecantException>(() => ShippedRecipes.Load("deep-compression", mlp));
        Assert.Contains("'fc1.weight' of 300×784", e.Message);
        Assert.Contains("'conv1.weight' of 20×1×5×5", e.Message);
        Assert.Null(ShippedRecipes.Find("deep-compression", mlp));
        Assert.Throws<DecantException>(() => ShippedRecipes.Load("none.yaml", mlp));
        using var folder = new TemporaryFolder();
        string own = folder.Write(
            "own.yaml",
            "recipe: own\nnetwork: {fc1.weight: 3×3}\nstages:\n  - name: t\n    epochs: 1"u8.ToArray()
        );
        Assert.Contains("fc1.weight", Assert.Throws<DecantException>(() => ShippedRecipes.Load(own, mlp)).Message);
    }

    [Fact]
    public void APlanSaysWhatBecomesOfEachWeight()
    {
        const string Yaml = """
            recipe: paper
            techniques:
              prune-fc1: {technique: weight-pruning, weights: fc1.weight, level: 0.92}
              prune-fc2: {technique: weight-pruning, weights: fc2.weight, level: 0.91}
              prune-fc3: {technique: weight-pruning, weights: fc3.weight, level: 0.74}
              share: {technique: weight-clustering, weights: ["*.weight", fc3.bias], bits: 6}
            stages:
              - {name: prune, use: [prune-fc1, prune-fc2, prune-fc3], rounds: 2, epochs: 9}
              - {name: share, use: share}
            """;
        var plan = new Compressor(Pipeline.Parse(Yaml, "paper.yaml"), new CompressionOptions()).Plan(
            Architectures.Create("lenet-300-100", 1)
        );
        Assert.Equal(
            [
                "prune 1 fc1.weight: keep 66,525 of 235,200 weights (28.28 %): level 0.7172",
                "prune 1 fc2.weight: keep 9,000 of 30,000 weights (30 %): level 0.7",
                "prune 1 fc3.weight: keep 510 of 1,000 weights (51 %): level 0.4901",
                "prune 2 fc1.weight: keep 18,816 of 235,200 weights (8 %): level 0.92",
                "prune 2 fc2.weight: keep 2,700 of 30,000 weights (9 %): level 0.91",
                "prune 2 fc3.weight: keep 260 of 1,000 weights (26 %): level 0.74",
                "share 1 fc1.weight: cluster 235,200 weights to 64 centroids (6 bits), zero apart: k-means, exact",
                "share 1 fc2.weight: cluster 30,000 weights to 64 centroids (6 bits), zero apart: k-means, exact",
                "share 1 fc3.weight: cluster 1,000 weights to 64 centroids (6 bits), zero apart: k-means, exact",
                "share 1 fc3.bias: cluster 10 weights to 64 centroids (6 bits): k-means, exact",
            ],
            plan.Select(p => $"{p.Stage} {p.Round} {p.Change.Target}: {p.Change.What}")
        );
    }
}
