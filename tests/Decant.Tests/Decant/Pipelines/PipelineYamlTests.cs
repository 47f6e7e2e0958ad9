using System.Reflection;
using System.Text;
using Decant.Core;
using Decant.Pipelines;
using Decant.Reproduce;
using Decant.Techniques;
using Decant.Techniques.Pruning;
using Decant.Training;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Pipelines;

public sealed class PipelineYamlTests
{
    /// <summary>Every recipe in the library and among the experiments, by assembly and name of the resource.</summary>
    public static TheoryData<string, string> Shipped
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (Assembly assembly in (Assembly[])[typeof(Pipeline).Assembly, typeof(ExperimentCatalogue).Assembly])
            foreach (string resource in assembly.GetManifestResourceNames())
                if (resource.EndsWith(".yaml", StringComparison.Ordinal))
                    data.Add(assembly.GetName().Name!, resource);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shipped))]
    public void AShippedRecipeIsWrittenAndReadAsItself(string assembly, string resource)
    {
        using var reader = new StreamReader(Assembly.Load(assembly).GetManifestResourceStream(resource)!);
        Pipeline pipeline = Pipeline.Parse(reader.ReadToEnd(), resource);
        Same(pipeline, Pipeline.Parse(pipeline.ToYaml(), resource));
    }

    [Property(MaxTest = 300)]
    public void AnyPipelineIsWrittenAndReadAsItself(ulong seed)
    {
        Pipeline pipeline = RandomPipelines.Make(new Rng(seed));
        Same(pipeline, Pipeline.Parse(pipeline.ToYaml(), "random"));
    }

    [Fact]
    public void EveryTechniqueIsWrittenAndReadAsItself()
    {
        foreach (string name in TechniqueCatalogue.Shipped.Names)
            for (ulong seed = 1; seed <= 20; seed++)
            {
                Technique technique = RandomPipelines.Technique(new Rng(seed), name);
                Assert.Equal(name, technique.Name);
                Pipeline pipeline = With(new TechniqueUse("one", technique));
                Same(pipeline, Pipeline.Parse(pipeline.ToYaml(), name));
            }
    }

    [Fact]
    public void APipelineMadeInCodeIsTheOneThatTheRecipeSays()
    {
        const string Yaml = """
            recipe: two
            techniques:
              prune: {technique: weight-pruning, weights: ["*.weight"], level: 90%, criterion: taylor, samples: 64}
            stages:
              - {name: prune, use: prune, rounds: 2, epochs: 30, batch: 20, schedule: cosine, augment: {shift: 1}}
            """;
        var pruning = new WeightPruning(
            new WeightPruningOptions
            {
                Level = 0.9,
                Criterion = new TaylorCriterion { Samples = 64 },
            }
        );
        var made = new Pipeline
        {
            Name = "two",
            Stages =
            [
                new PipelineStage
                {
                    Name = "prune",
                    Uses = [new TechniqueUse("prune", pruning) { Weights = ["*.weight"] }],
                    Rounds = 2,
                    Training = new TrainingOptions
                    {
                        BatchSize = 20,
                        Augmentation = new() { Shift = 1 },
                    },
                },
            ],
        };
        Same(made, Pipeline.Parse(Yaml, "two.yaml"));
    }

    [Theory]
    [InlineData("bits: 4", "bits: 5")]
    [InlineData("name: a", "name: b")]
    [InlineData("epochs: 2", "epochs: 3")]
    [InlineData("epochs: 2", "epochs: 2, learning-rate: 0.01")]
    [InlineData("fc1", "fc2")]
    public void WhatDecidesTheResultDecidesTheIdentity(string old, string now)
    {
        const string Yaml =
            "{recipe: r, techniques: {t: {technique: weight-clustering, bits: 4, weights: fc1}}, stages: [{name: a, "
            + "use: t, epochs: 2}]}";
        string identity = Pipeline.Parse(Yaml, "r").Identity;
        Assert.NotEqual(identity, Pipeline.Parse(Yaml.Replace(old, now, StringComparison.Ordinal), "r").Identity);
        string other = Yaml.Replace("bits: 4", "centroids: exact, bits: 4", StringComparison.Ordinal);
        Assert.Equal(identity, Pipeline.Parse($"# a comment\n{other}", "r").Identity);
    }

    [Theory]
    [InlineData("weight-sharing", "weight-clustering", "bits: 4")]
    [InlineData("dynamic-surgery", "dynamic-network-surgery", "level: 0.5")]
    [InlineData("distillation", "knowledge-distillation", "teacher: 1")]
    [InlineData("linear-quantization", "weight-quantization", "bits: 4")]
    [InlineData("fixed-point", "fixed-point", "numbers: weights")]
    public void FormerNamesAreRead(string former, string name, string option)
    {
        Pipeline Read(string technique) =>
            Pipeline.Parse(
                $"{{recipe: r, techniques: {{t: {{technique: {technique}, {option}}}}}, stages: [{{name: a, use: t, "
                    + "epochs: 1}]}",
                "r"
            );
        Same(Read(name), Read(former));
        Assert.Contains($"technique: {name}", Read(former).ToYaml());
    }

    /// <summary>Characters of a recipe are changed, dropped, doubled and swapped; what is read must be valid.</summary>
    [Property(MaxTest = 500)]
    public void AMutatedRecipeIsReadOrRefusedWithItsLine(ulong seed)
    {
        var rng = new Rng(seed);
        var text = new StringBuilder(RandomPipelines.Make(rng).ToYaml());
        const string Letters = "{}[],:#'\"-*&!|>%@` \n\t0189.eabz~\0\\";
        for (int i = 0, n = 1 + rng.Next(6); i < n && text.Length > 0; i++)
        {
            int at = rng.Next(text.Length);
            char letter = Letters[rng.Next(Letters.Length)];
            switch (rng.Next(3))
            {
                case 0:
                    text[at] = letter;
                    break;
                case 1:
                    text.Insert(at, letter);
                    break;
                default:
                    text.Remove(at, Math.Min(text.Length - at, 1 + rng.Next(8)));
                    break;
            }
        }
        try
        {
            Pipeline read = Pipeline.Parse(text.ToString(), "mutated");
            Same(read, Pipeline.Parse(read.ToYaml(), "written"));
        }
        catch (RecipeException e)
        {
            Assert.StartsWith($"mutated, line {e.Line}: ", e.Message);
        }
    }

    [Fact]
    public void AWrongPipelineSaysWhichStageOrTechnique()
    {
        Pipeline good = With(new TechniqueUse("one", new RemoveDead()));
        PipelineStage stage = good.Stages[0];
        Refused("two stages are named 'stage'", good with { Stages = [stage, stage] });
        Refused("stage 'stage' neither uses", good with { Stages = [stage with { Uses = [] }] });
        Refused("'rounds: 0' must be a whole number from 1", good with { Stages = [stage with { Rounds = 0 }] });
        Refused("hold-out of -1", good with { HoldOut = -1 });
        Refused(
            "'batch: 0' must be a whole number from 1",
            good with
            {
                Stages = [stage with { Training = new TrainingOptions { BatchSize = 0 } }],
            }
        );
        Refused("seed", good with { Stages = [stage with { Training = new TrainingOptions { Seed = 2 } }] });
        var other = new TechniqueUse("one", new RemoveDead()) { Weights = ["fc1*"] };
        Refused(
            "two different techniques are named 'one'",
            good with
            {
                Stages = [stage with { Uses = [.. stage.Uses, other] }],
            }
        );

        static void Refused(string words, Pipeline pipeline)
        {
            Assert.Contains(words, Assert.Throws<PipelineException>(() => pipeline.ToYaml()).Message);
            Assert.Throws<PipelineException>(() => new Decant.Runs.Compressor(pipeline, new()));
        }
    }

    private static Pipeline With(TechniqueUse use) =>
        new()
        {
            Name = "one",
            Stages =
            [
                new PipelineStage
                {
                    Name = "stage",
                    Uses = [use],
                    Training = use.Technique.NeedsTraining ? new TrainingOptions() : null,
                },
            ],
        };

    private static void Same(Pipeline expected, Pipeline actual)
    {
        Assert.Equal(expected, actual);
        Assert.Equal(expected.GetHashCode(), actual.GetHashCode());
        Assert.Equal(expected.Identity, actual.Identity);
    }
}
