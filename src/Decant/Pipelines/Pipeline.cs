using System.Security.Cryptography;
using Decant.Core;
using Decant.Data;
using Decant.Techniques;

namespace Decant.Pipelines;

/// <summary>
/// What to do to a network (techniques) and when (stages). A pipeline is made in code, or read from a recipe in YAML,
/// which is its serialization: what <see cref="ToYaml"/> writes reads as an equal pipeline.
/// </summary>
public sealed record Pipeline
{
    /// <summary>The pipeline's name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for, in one line.</summary>
    public string Description { get; init; } = "";

    /// <summary>The preprocessing; null if the network's own or the default is meant.</summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>How many training images are held out to watch accuracy, 0 to 1,000,000.</summary>
    public int HoldOut { get; init; }

    /// <summary>Weights that a network must have, with their shapes, for the pipeline to fit it.</summary>
    public ValueList<RequiredShape> Shapes { get; init; } = [];

    /// <summary>What happens, in order.</summary>
    public required ValueList<PipelineStage> Stages { get; init; }

    /// <summary>Whether any stage trains.</summary>
    public bool Trains => Stages.Any(s => s.Training is not null);

    /// <summary>Whether any stage trains or plans on images, so that data are needed.</summary>
    public bool NeedsData => Trains || Uses.Any(u => u.Technique.NeedsData);

    /// <summary>Whether any stage trains or plans on gradients, and so needs libtorch.</summary>
    public bool NeedsTorch => Trains || Uses.Any(u => u.Technique.NeedsGradients);

    /// <summary>Whether a technique looks at the network that the run began with.</summary>
    public bool NeedsReference => Uses.Any(u => u.Technique.NeedsReference);

    /// <summary>Whether a technique learns from another network, which the run must be given.</summary>
    public bool NeedsTeacher => Uses.Any(u => u.Technique.NeedsTeacher);

    /// <summary>
    /// SHA-256 of the canonical form, in lower-case hexadecimal. Equal pipelines have the same identity, however they
    /// were written; options at their defaults do not count.
    /// </summary>
    public string Identity => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(ToYaml())));

    internal IEnumerable<TechniqueUse> Uses => Stages.SelectMany(s => s.Uses);

    /// <summary>
    /// This pipeline with every stage's epochs multiplied, at least 1 each: a short form for trying things out.
    /// </summary>
    public Pipeline WithEpochs(double factor) => this with { Stages = [.. Stages.Select(s => WithEpochs(s, factor))] };

    /// <summary>Reads a recipe.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="file">What messages call it.</param>
    /// <param name="catalogue">The techniques that it can name; null for those that come with Decant.</param>
    /// <exception cref="RecipeException">A key is unknown, a value wrong, or the YAML broken; the line is
    /// named.</exception>
    public static Pipeline Parse(string text, string file, TechniqueCatalogue? catalogue = null) =>
        new PipelineReader(catalogue ?? TechniqueCatalogue.Shipped).Read(text, file);

    /// <summary>Reads a recipe from a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="catalogue">The techniques that it can name; null for those that come with Decant.</param>
    /// <exception cref="RecipeException">A key is unknown, a value wrong, or the YAML broken; the line is
    /// named.</exception>
    /// <exception cref="DecantException">There is no such file.</exception>
    public static Pipeline Load(string path, TechniqueCatalogue? catalogue = null) =>
        File.Exists(path)
            ? Parse(File.ReadAllText(path), path, catalogue)
            : throw new DecantException($"there is no recipe file {path}");

    /// <summary>The pipeline as a recipe, in canonical form: options at their defaults are left out.</summary>
    /// <exception cref="PipelineException">The pipeline is not valid.</exception>
    public string ToYaml()
    {
        Validate();
        return PipelineWriter.Write(this);
    }

    /// <summary>Checks names, numbers and that every stage does something.</summary>
    /// <exception cref="PipelineException">Something is wrong; the stage or technique is named.</exception>
    public void Validate() => PipelineRules.Check(this);

    private static PipelineStage WithEpochs(PipelineStage stage, double factor) =>
        stage.Training is { } training
            ? stage with
            {
                Training = training with { Epochs = Math.Max(1, (int)Math.Round(training.Epochs * factor)) },
            }
            : stage;
}

/// <summary>A weight that a network must have for a pipeline to fit it.</summary>
/// <param name="Weight">The weight's name.</param>
/// <param name="Shape">Its shape, all extents known.</param>
public sealed record RequiredShape(string Weight, Shape Shape);

/// <summary>One stage: in each round its techniques are applied and the network is trained.</summary>
public sealed record PipelineStage
{
    /// <summary>The stage's name, unique in the pipeline. Random choices of its training depend on it.</summary>
    public required string Name { get; init; }

    /// <summary>The techniques applied, in order; none in a stage that only trains.</summary>
    public ValueList<TechniqueUse> Uses { get; init; } = [];

    /// <summary>How often, 1 to 1000; techniques with a ramp reach their target in the last round.</summary>
    public int Rounds { get; init; } = 1;

    /// <summary>
    /// How each round trains; null if not at all. Seed, task and device come from the run and are left out here.
    /// </summary>
    public Training.TrainingOptions? Training { get; init; }
}

/// <summary>A technique, and the weights it is meant for.</summary>
/// <param name="Name">The name that the pipeline gives it; one name, one use.</param>
/// <param name="Technique">The technique.</param>
public sealed record TechniqueUse(string Name, Technique Technique)
{
    /// <summary>
    /// Weight names; * stands for any characters, ? for one, and \ makes the next character stand for itself. None for
    /// every weight that a layer multiplies by or looks up.
    /// </summary>
    public ValueList<string> Weights { get; init; } = [];

    /// <summary>The weights of a network that the patterns match, in the network's order.</summary>
    /// <exception cref="PipelineException">A pattern matches nothing.</exception>
    public IReadOnlyList<Weight> Select(Network network) =>
        WeightPatterns.Select(network, Weights, message => new PipelineException($"'weights' of '{Name}': {message}"));
}

/// <summary>A pipeline is wrong, or does not fit a network. The message names the stage or technique.</summary>
/// <param name="message">What is wrong and what would work.</param>
public sealed class PipelineException(string message) : DecantException(message);

/// <summary>A recipe is wrong. The message names the file, the line and what would work.</summary>
/// <param name="file">The recipe's file or name.</param>
/// <param name="line">The line, from 1.</param>
/// <param name="message">What is wrong and what would work.</param>
public sealed class RecipeException(string file, int line, string message)
    : DecantException($"{file}, line {line}: {message}")
{
    /// <summary>The line, from 1.</summary>
    public int Line { get; } = line;
}
