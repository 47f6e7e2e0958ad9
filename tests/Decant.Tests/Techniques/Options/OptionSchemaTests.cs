using Decant.Core;
using Decant.Pipelines;
using Decant.Techniques;
using Decant.Techniques.Pruning;
using Decant.Techniques.Quantization;
using Xunit;

namespace Decant.Tests.Techniques.OptionTests;

public sealed class OptionSchemaTests
{
    /// <summary>Keys beside each other must differ: those of a technique and of each kind of its options.</summary>
    [Fact]
    public void NoTwoOptionsOfATechniqueHaveOneKey()
    {
        foreach (string name in TechniqueCatalogue.Shipped.Names)
        {
            OptionSchema schema = OptionSchema.Of(TechniqueCatalogue.Shipped.OptionsOf(name));
            var own = schema
                .Options.SelectMany(o => o.Aliases.Prepend(o.Key))
                .Concat(["weights", "technique"])
                .ToList();
            Assert.Distinct(own);
            foreach (Option family in schema.Options.Where(o => o.Layout == OptionLayout.Family))
            foreach (string member in TechniqueCatalogue.Shipped.Families.Names(family.Type))
                Assert.Empty(
                    OptionSchema
                        .Of(TechniqueCatalogue.Shipped.Families.Find(family.Type, "", member).GetType())
                        .Keys.Intersect(own)
                );
        }
    }

    [Fact]
    public void OptionsAreCheckedInCodeAsInARecipe()
    {
        Refused("'level: 1' must be a number from 0 to 0.99999", () => new WeightPruning(new() { Level = 1 }));
        Refused("needs exactly one of 'level'", () => new WeightPruning(new()));
        Refused("'level: NaN' must be", () => new GradualPruning(double.NaN));
        Refused("'bits: 1' must be a whole number from 2", () => new WeightQuantization(new() { Bits = 1 }));
        Refused("'criterion' must not be null", () => new WeightPruning(new() { Level = 0.5, Criterion = null! }));
        Refused("'samples: 0' must be a whole number from 1", () => new WeightPruning(
                new()
                {
                    Level = 0.5,
                    Criterion = new TaylorCriterion { Samples = 0 },
                }
            ));
        Refused("must be one of channel, tensor", () => new WeightQuantization(new() { Per = (ScaleSharing)7 }));

        static void Refused(string words, Func<Technique> make) =>
            Assert.Contains(words, Assert.Throws<OptionsException>(make).Message);
    }

    [Theory]
    [InlineData("magnitude")]
    [InlineData("magnitude(norm: l2)")]
    [InlineData("obs(samples: 512, damping: 0.02)")]
    public void ACriterionHasAText(string text)
    {
        Criterion criterion = Criterion.Parse(text);
        Assert.Equal(text, criterion.ToString());
        Assert.Equal(criterion, Criterion.Parse(criterion.ToString()));
    }

    [Theory]
    [InlineData("size", "'size' must be one of apoz, bn-scale")]
    [InlineData("obs(sample: 1)", "'sample' is no option of 'obs'; there are: samples, damping")]
    [InlineData("obs(samples: 0)", "'samples: 0' must be a whole number from 1")]
    [InlineData("obs(samples)", "must be an option and its value")]
    [InlineData("obs(samples: 1", "must end with ')'")]
    [InlineData("obs(samples: 1, samples: 2)", "given twice")]
    public void ATextThatIsNoCriterionIsRefused(string text, string words) =>
        Assert.Contains(words, Assert.Throws<OptionsException>(() => Criterion.Parse(text)).Message);

    [Fact]
    public void TechniquesAndCriteriaOfOnesOwnAreKnownToRecipes()
    {
        const string Yaml = """
            recipe: own
            techniques:
              halve: {technique: halving, weights: w, times: 3}
              prune: {technique: weight-pruning, level: 0.5, criterion: position, from-end: true}
            stages:
              - {name: own, use: [halve, prune]}
            """;
        TechniqueCatalogue catalogue = TechniqueCatalogue
            .Shipped.With("halving", (HalvingOptions o) => new Halving(o))
            .With<Criterion>(new PositionCriterion());
        Pipeline pipeline = Pipeline.Parse(Yaml, "own.yaml", catalogue);
        Assert.Equal(new Halving(new HalvingOptions { Times = 3 }), pipeline.Stages[0].Uses[0].Technique);
        Assert.Equal(pipeline, Pipeline.Parse(pipeline.ToYaml(), "own.yaml", catalogue));
        Assert.Contains(
            "there is no technique 'halving'",
            Assert.Throws<RecipeException>(() => Pipeline.Parse(Yaml, "own.yaml")).Message
        );
        var weight = new Weight("w", Tensor.Of(new Shape(2, 2), new float[] { 8, 16, 24, 32 }));
        Network network = pipeline
            .Stages[0]
            .Uses.Aggregate(new Network("", [], [], [], [weight]), (n, use) =>
                use.Technique.Plan(new TechniqueContext(n, [.. n.Weights])).Aggregate(n, (m, c) => c.Apply(m))
            );
        Assert.Equal([0, 0, 3, 4], network.Weights["w"].Encoding.Decode().Array<float>());
    }

    private sealed class GradualPruning(double level)
        : Technique<Decant.Techniques.Pruning.Gradual.GradualPruningOptions>(new() { Level = level })
    {
        public override string Name => "gradual";
    }

    private sealed record HalvingOptions : TechniqueOptions
    {
        [OptionRange(1, 10)]
        public int Times { get; init; } = 1;
    }

    private sealed class Halving(HalvingOptions options) : Technique<HalvingOptions>(options)
    {
        public override string Name => "halving";

        public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context) =>
            [.. context.Weights.Select(w => PlannedChange.OfWeight(w.Name, "halve", () => Halved(w)))];

        private DenseEncoding Halved(Weight weight) =>
            new(
                Tensor.Of(
                    weight.Encoding.Shape,
                    Array.ConvertAll(weight.Encoding.Decode().Array<float>(), v => v / (1 << Options.Times))
                )
            );
    }

    private sealed record PositionCriterion : Criterion
    {
        public override string Name => "position";

        public bool FromEnd { get; init; }

        public override IReadOnlyDictionary<string, float[]> Score(TechniqueContext context) =>
            context.Weights.ToDictionary(
                w => w.Name,
                w => Enumerable.Range(0, w.Encoding.Count).Select(i => (float)(FromEnd ? i : -i)).ToArray()
            );
    }
}
