using Decant.Core;
using Decant.Training;
using Decant.Training.Data;

namespace Decant.Techniques.Distillation;

/// <summary>
/// Trains a network towards the outputs of the one that the run began with, or of another (Hinton, Vinyals, Dean 2015). It changes nothing
/// itself: it takes part in the training of its stage.
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
    /// <exception cref="ModelException">The teacher tells another number of classes apart.</exception>
    /// <exception cref="DataException">The images or their pixel arithmetic do not fit the teacher.</exception>
    public override TrainingHook During(TechniqueContext context)
    {
        if (context.Teacher is not { } teacher) return new TeacherHook(options, context.Reference!, null);
        Dataset data = context.NeedData("distillation");
        CheckClasses(context.Network, teacher.Network);
        try
        {
            Classification.CheckFits(teacher.Network, data);
            return new TeacherHook(options, teacher.Network, PixelChange.Between(context.Preprocessing, options.Preprocessing ?? teacher.Preprocessing ?? context.Preprocessing, data.ImageShape));
        }
        catch (DataException e)
        {
            throw new DataException($"the teacher '{teacher.Network.Name}': {e.Message}", e);
        }
    }

    private static void CheckClasses(Network student, Network teacher)
    {
        if (ClassesOf(student) is { } own && ClassesOf(teacher) is { } taught && own != taught)
            throw new ModelException($"the teacher '{teacher.Name}' tells {taught} classes apart and the network {own}: give --teacher a network of the same classes");
    }

    private static int? ClassesOf(Network network) => NetworkShapes.Of(network)[network.Outputs[0].Name]?.Shape is { Rank: 2 } shape && shape[1] >= 0 ? shape[1] : null;
}
