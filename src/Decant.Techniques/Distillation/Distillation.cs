using Decant.Core;
using Decant.Data;
using Decant.Training;

namespace Decant.Techniques.Distillation;

/// <summary>
/// Trains a network towards the outputs of the one that the run began with, or of another (Hinton, Vinyals, Dean 2015).
/// It changes nothing itself: it takes part in the training of its stage.
/// </summary>
public sealed class Distillation(DistillationOptions options) : Technique
{
    /// <inheritdoc/>
    public override string Name => "distillation";

    /// <inheritdoc/>
    public override bool NeedsTraining => true;

    /// <inheritdoc/>
    public override bool NeedsReference => options.Source == TeacherSource.Start;

    /// <inheritdoc/>
    public override bool NeedsTeacher => options.Source == TeacherSource.Teacher;

    /// <inheritdoc/>
    /// <exception cref="DecantException">There is no teacher, or it does not fit the network, the images or
    /// libtorch.</exception>
    public override TrainingHook During(TechniqueContext context)
    {
        if (options.Source == TeacherSource.Start)
            return new TeacherHook(
                options,
                context.Reference
                    ?? throw new DecantException("distillation needs the network that the run began with"),
                null
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
            options,
            teacher.Network,
            data.Inputs[0].IsImage ? PixelChange.Between(own, PixelsOf(teacher, own), data.Inputs[0].Shape) : null
        );
    }

    private Preprocessing PixelsOf(Teacher teacher, Preprocessing own) =>
        options.Preprocessing
        ?? teacher.Preprocessing
        ?? throw new DataException(
            $"it does not say its pixel arithmetic, and the network's is {own}: give the distillation "
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
/// Options of distillation: the loss is labels · the loss on labels + teacher · τ² · cross-entropy with the teacher's
/// softened outputs + hint · mean over hints of ‖s − t‖² / ‖t‖².
/// </summary>
/// <param name="Temperature">τ, by which the outputs of both are divided.</param>
/// <param name="Teacher">The factor of the teacher's part.</param>
/// <param name="Labels">The factor of the labels' part.</param>
/// <param name="Hint">The factor of the hints' part.</param>
/// <param name="Hints">Names of the nodes whose outputs should be the teacher's, patterns; empty for none.</param>
/// <param name="Source">Who teaches.</param>
/// <param name="Preprocessing">The teacher's pixel arithmetic; null for what it says of itself.</param>
public sealed record DistillationOptions(
    double Temperature,
    double Teacher,
    double Labels,
    double Hint,
    IReadOnlyList<string> Hints,
    TeacherSource Source = TeacherSource.Start,
    Preprocessing? Preprocessing = null
)
{
    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">One is out of range, or a factor of hints is given without hints.</exception>
    public static DistillationOptions Read(TechniqueOptions options)
    {
        var result = new DistillationOptions(
            options.Number("temperature", 0.1, 100, 4),
            options.Number("teacher", 0, 100, 0.9),
            options.Number("labels", 0, 100, 0.1),
            options.Number("hint", 0, 1e6, 1),
            options.Names("hints"),
            options.Word("from", "start", "teacher") == "teacher" ? TeacherSource.Teacher : TeacherSource.Start,
            ReadPreprocessing(options)
        );
        if (options.Has("hint") && result.Hints.Count == 0)
            throw options.Error("hint", "'hint' is the factor of 'hints', which names nodes, such as \"*/Add\"");
        if (result is { Preprocessing: not null, Source: TeacherSource.Start })
            throw options.Error(
                "preprocessing",
                "'preprocessing' is the pixel arithmetic of another network: it needs 'from: teacher'"
            );
        return result;
    }

    private static Preprocessing? ReadPreprocessing(TechniqueOptions options)
    {
        if (!options.Has("preprocessing"))
            return null;
        try
        {
            return Preprocessing.Parse(options.Text("preprocessing", ""));
        }
        catch (DataException e)
        {
            throw options.Error("preprocessing", e.Message);
        }
    }
}

/// <summary>Which network teaches.</summary>
public enum TeacherSource
{
    /// <summary>The one that the run began with.</summary>
    Start,

    /// <summary>Another, which the run is given.</summary>
    Teacher,
}
