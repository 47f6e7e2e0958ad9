using Decant.Core;
using Decant.Pipelines;
using Decant.Reproduce;
using Decant.Runs;
using Decant.Zoo;
using Xunit;

namespace Decant.Tests.Reproduce;

public sealed class ExperimentRecipeTests
{
    [Theory]
    [InlineData("pruning-12x", "lenet-300-100")]
    [InlineData("pruning-12x", "lenet-5")]
    [InlineData("dynamic-surgery", "lenet-300-100")]
    [InlineData("dynamic-surgery", "lenet-5")]
    [InlineData("architecture-learning", "lenet-5")]
    [InlineData("drop-neuron", "lenet-5")]
    public void EveryRecipeFitsItsNetworks(string name, string network)
    {
        Network made = Architectures.Create(network, 1);
        Pipeline recipe = ExperimentRecipes.All.Load(name, made);
        Assert.Equal(name, recipe.Name);
        Assert.NotEmpty(recipe.Description);
        new Compressor(recipe, new CompressionOptions()).Plan(made);
    }

    [Fact]
    public void ARecipeIsShippedOrAnExperimentsButNotBoth()
    {
        Assert.Equal(
            ["architecture-learning", "drop-neuron", "dynamic-surgery", "pruning-12x"],
            ExperimentRecipes.All.Names
        );
        Assert.Empty(ExperimentRecipes.All.Names.Intersect(ShippedRecipes.Names));
    }
}
