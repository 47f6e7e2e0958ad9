using Decant.Core;
using Decant.Data;
using Decant.Training;

namespace Decant.Techniques.Distillation;

/// <summary>
/// Trains a network towards the outputs of the one that the run began with, or of another (Hinton, Vinyals, Dean 2015).
/// It changes nothing itself: it takes part in the training of its stage.
/// </summary>
public sealed class KnowledgeDistillation(KnowledgeDistillationOptions options)
    : Technique<KnowledgeDistillationOptions>(options)
{
    /// <inheritdoc/>
    public override string Name => "knowledge-distillation";

    /// <inheritdoc/>
    public override bool NeedsTraining => true;

    /// <inheritdoc/>
    public override bool NeedsReference => Options.From == TeacherSource.Start;

    /// <inheritdoc/>
    public override bool NeedsTeacher => Options.From == TeacherSource.Teacher;

    /// <inheritdoc/>
    /// <exception cref="DecantException">There is no teacher, or it does not fit the network, the images or
    /// libtorch.</exception>
    public override TrainingHook During(TechniqueContext context)
    {
        if (Options.From == TeacherSource.Start)
            return new TeacherHook(
                Options,
                context.Reference
                    ?? throw new DecantException("distillation needs the network that the run began with"),
                null,
                IsOfScores(context)
            );
        Teacher teacher = context.Teacher
            ?? throw new DecantException("distillation 'from: teacher' needs another network, and this run has none");
        IDataSource data = context.NeedData("distillation 'from: teacher'");
        if (data.Inputs[0].IsImage)
            context.Preprocessing.CheckFits(data.Inputs[0].Shape);
        try
        {
            return OfAnother(context, teacher, data);
        }
        catch (DecantException e) when (e is ModelException or DataException)
        {
            throw new DecantException($"the teacher '{teacher.Network.Name}': {e.Message}", e);
        }
    }

    private TeacherHook OfAnother(TechniqueContext context, Teacher teacher, IDataSource data)
    {
        context.Task.CheckFits(teacher.Network, data);
        CheckSame(
            "takes",
            teacher.Network.Inputs[0].Type.Shape?.Rank,
            context.Network.Inputs[0].Type.Shape?.Rank,
            "axes"
        );
        CheckSame("tells", ClassesOf(teacher.Network), ClassesOf(context.Network), "classes apart");
        Preprocessing own = context.Preprocessing;
        return new TeacherHook(
            Options,
            teacher.Network,
            data.Inputs[0].IsImage
                ? NormalizationChange.Between(own, PixelsOf(teacher, own), data.Inputs[0].Shape)
                : null,
            IsOfScores(context)
        );
    }

    private bool IsOfScores(TechniqueContext context) =>
        Options.Outputs == TeacherOutputs.Auto
            ? context.Task is Classification
            : Options.Outputs == TeacherOutputs.Scores;

    private Preprocessing PixelsOf(Teacher teacher, Preprocessing own) =>
        Options.Preprocessing
        ?? teacher.Preprocessing
        ?? throw new DataException(
            $"it does not say its preprocessing, and the network's is {own}: give the distillation "
                + $"'preprocessing: \"{own}\"', if it is the same"
        );

    private static void CheckSame(string does, int? taught, int? own, string what)
    {
        if (taught is { } t && own is { } o && t != o)
            throw new ModelException($"it {does} {t} {what} and the network {o}");
    }

    private static int? ClassesOf(Network network) =>
        NetworkShapes.Of(network)[network.Outputs[0].Name]?.Shape is { Rank: 2 } shape && shape[1] >= 0
            ? shape[1]
            : null;
}

/// <summary>
/// Options of distillation: the loss is labels · the loss on labels + teacher · τ² · cross-entropy with the
/// teacher's softened outputs + hint · mean over hints of ‖s − t‖² / ‖t‖². Where outputs are no scores of
/// classes, the second part is teacher · ‖s − t‖² / ‖t‖². Positions that only pad an example do not count.
/// </summary>
public sealed record KnowledgeDistillationOptions : TechniqueOptions
{
    /// <summary>τ, by which the outputs of both are divided.</summary>
    [OptionRange(0.1, 100)]
    public double Temperature { get; init; } = 4;

    /// <summary>The factor of the teacher's part.</summary>
    [OptionRange(0, 100)]
    public double Teacher { get; init; } = 0.9;

    /// <summary>The factor of the labels' part.</summary>
    [OptionRange(0, 100)]
    public double Labels { get; init; } = 0.1;

    /// <summary>What the network's outputs are.</summary>
    public TeacherOutputs Outputs { get; init; } = TeacherOutputs.Auto;

    /// <summary>The factor of the hints' part.</summary>
    [OptionRange(0, 1e6)]
    public double Hint { get; init; } = 1;

    /// <summary>Names of the nodes whose outputs should be the teacher's, patterns; empty for none.</summary>
    public ValueList<string> Hints { get; init; } = [];

    /// <summary>Which network is the teacher.</summary>
    public TeacherSource From { get; init; } = TeacherSource.Start;

    /// <summary>The teacher's preprocessing; null for what it says of itself.</summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <inheritdoc/>
    public override void Validate()
    {
        if (Hint != 1 && Hints.Count == 0)
            throw new OptionsException("hint", "'hint' is the factor of 'hints', which names nodes, such as \"*/Add\"");
        if (Preprocessing is not null && From == TeacherSource.Start)
            throw new OptionsException(
                "preprocessing",
                "'preprocessing' is the preprocessing of another network: it needs 'from: teacher'"
            );
    }
}

/// <summary>What outputs of a teacher are.</summary>
public enum TeacherOutputs
{
    /// <summary>Scores where the task is classification, else values.</summary>
    Auto,

    /// <summary>A score a class, N×C: the student learns their softmax.</summary>
    Scores,

    /// <summary>Values of any shape, such as embeddings: the student learns them as they are.</summary>
    Values,
}

/// <summary>Which network is the teacher.</summary>
public enum TeacherSource
{
    /// <summary>The one that the run began with.</summary>
    Start,

    /// <summary>Another, which the run is given.</summary>
    Teacher,
}
