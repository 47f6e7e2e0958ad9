using Decant.Core;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.Distillation;

/// <summary>
/// Adds τ² · H(softmax(t/τ), softmax(s/τ)) to the loss, t the teacher's outputs on the same images and s the student's, and what the values
/// between layers that are hints differ by.
/// </summary>
/// <param name="options">The factors.</param>
/// <param name="teacher">Who teaches.</param>
/// <param name="pixels">What the teacher's images differ by from the student's; null for nothing.</param>
internal sealed class TeacherHook(DistillationOptions options, Network teacher, PixelChange? pixels) : TrainingHook
{
    private const double Least = 1e-12;

    private readonly TrainingNetwork teacher = new(teacher);
    private IReadOnlyList<string> hints = [];

    /// <inheritdoc/>
    public override double LabelWeight => options.Labels;

    /// <inheritdoc/>
    public override void Begin(TrainingNetwork network) => hints = HintedValues.Of(network.Network, teacher.Network, options.Hints);

    /// <inheritdoc/>
    public override TorchTensor Penalty(TrainingStep step)
    {
        double t = options.Temperature;
        TorchTensor penalty = step.Outputs.Div(t).CrossEntropy(Targets(step.Images)).Mul(options.Teacher * t * t);
        foreach (string hint in hints) penalty = penalty.Add(Difference(step.Network.Value(hint), teacher.Value(hint)).Mul(options.Hint / hints.Count));
        return penalty;
    }

    private TorchTensor Targets(TorchTensor images)
    {
        using var noGrad = new NoGrad();
        return teacher.Forward(training: false, pixels?.Of(images) ?? images)[0].Div(options.Temperature).Softmax(1);
    }

    /// <summary>‖s − t‖² / ‖t‖² over the batch.</summary>
    private static TorchTensor Difference(TorchTensor student, TorchTensor taught) =>
        student.Sub(taught).Pow(2).Sum().Div(taught.Pow(2).Sum().Add(Least));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) teacher.Dispose();
        base.Dispose(disposing);
    }
}
