using Decant.Training;

namespace Decant.Techniques.Distillation;

/// <summary>
/// Trains a network towards the outputs of the one that the run began with (Hinton, Vinyals, Dean 2015). It changes nothing itself: it takes
/// part in the training of its stage.
/// </summary>
public sealed class Distillation(DistillationOptions options) : Technique
{
    /// <inheritdoc/>
    public override string Name => "distillation";

    /// <inheritdoc/>
    public override bool NeedsTraining => true;

    /// <inheritdoc/>
    public override bool NeedsReference => true;

    /// <inheritdoc/>
    public override TrainingHook During(TechniqueContext context) => new TeacherHook(options, context.Reference!);
}
