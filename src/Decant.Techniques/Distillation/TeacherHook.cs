using Decant.Core;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.Distillation;

/// <summary>Adds τ² · H(softmax(t/τ), softmax(s/τ)) to the loss, t the teacher's outputs on the same images and s the student's.</summary>
internal sealed class TeacherHook(DistillationOptions options, Network teacher) : TrainingHook
{
    private readonly TrainingNetwork teacher = new(teacher);

    /// <inheritdoc/>
    public override double LabelWeight => options.Labels;

    /// <inheritdoc/>
    public override TorchTensor Penalty(TrainingStep step)
    {
        double t = options.Temperature;
        return step.Outputs.Div(t).CrossEntropy(Targets(step.Images)).Mul(options.Teacher * t * t);
    }

    private TorchTensor Targets(TorchTensor images)
    {
        using var noGrad = new NoGrad();
        return teacher.Forward(training: false, images)[0].Div(options.Temperature).Softmax(1);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) teacher.Dispose();
        base.Dispose(disposing);
    }
}
