using Decant.Core;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.Distillation;

/// <summary>
/// Adds τ² · H(softmax(t/τ), softmax(s/τ)) to the loss, t the teacher's outputs on the same examples and s the
/// student's, or where they are no scores ‖s − t‖² / ‖t‖², and what the values between layers that are
/// hints differ by.
/// </summary>
/// <param name="options">The factors.</param>
/// <param name="teacher">The teacher.</param>
/// <param name="pixels">What the teacher's images differ by from the student's; null for nothing.</param>
/// <param name="isOfScores">Whether outputs are scores of classes.</param>
internal sealed class TeacherHook(
    KnowledgeDistillationOptions options,
    Network teacher,
    NormalizationChange? pixels,
    bool isOfScores
) : TrainingHook
{
    private const double Least = 1e-12;

    private readonly TrainingNetwork teacher = new(teacher);
    private IReadOnlyList<string> hints = [];

    /// <inheritdoc/>
    public override double LabelWeight => options.Labels;

    /// <inheritdoc/>
    public override void Begin(TrainingNetwork network) =>
        hints = HintedValues.Of(network.Network, teacher.Network, options.Hints);

    /// <inheritdoc/>
    public override TorchTensor Penalty(TrainingStep step)
    {
        TorchTensor taught = Taught(step.Inputs);
        TorchTensor penalty = isOfScores ? OfScores(step.Outputs, taught) : Difference(step, step.Outputs, taught);
        penalty = penalty.Mul(options.Teacher);
        foreach (string hint in hints)
            penalty = penalty.Add(
                Difference(step, step.Network.Value(hint), teacher.Value(hint)).Mul(options.Hint / hints.Count)
            );
        return penalty;
    }

    private TorchTensor Taught(IReadOnlyList<TorchTensor> inputs)
    {
        using var noGrad = new NoGrad();
        TorchTensor[] given = [.. inputs];
        if (pixels is not null)
            given[0] = pixels.Of(given[0]);
        return teacher.Forward(training: false, given)[0];
    }

    private TorchTensor OfScores(TorchTensor student, TorchTensor taught)
    {
        double t = options.Temperature;
        return student.Div(t).CrossEntropy(taught.Div(t).Softmax(1)).Mul(t * t);
    }

    /// <summary>‖s − t‖² / ‖t‖² over the batch; of values with positions, over those that count.</summary>
    private static TorchTensor Difference(TrainingStep step, TorchTensor student, TorchTensor taught)
    {
        TorchTensor off = student.Sub(taught).Pow(2),
            all = taught.Pow(2);
        if (
            step.Mask is { } mask
            && student.Shape is { Length: 3 } shape
            && shape[0] == mask.Shape[0]
            && shape[1] == mask.Shape[1]
        )
        {
            TorchTensor counted = mask.To(TorchType.Float32).Unsqueeze(2);
            (off, all) = (off.Mul(counted), all.Mul(counted));
        }
        return off.Sum().Div(all.Sum().Add(Least));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            teacher.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>Values between layers that student and teacher both have, under one name and in one shape.</summary>
internal static class HintedValues
{
    /// <summary>The first outputs of the nodes that patterns match, in the student's order.</summary>
    /// <exception cref="ModelException">A pattern matches none that both have; it is named.</exception>
    public static IReadOnlyList<string> Of(Network student, Network teacher, IReadOnlyList<string> patterns)
    {
        if (patterns.Count == 0)
            return [];
        NetworkShapes own = NetworkShapes.Of(student),
            taught = NetworkShapes.Of(teacher);
        Node[] both =
        [
            .. student.Nodes.Where(n => own[n.Outputs[0]] is { Shape: not null } type && type == taught[n.Outputs[0]]),
        ];
        foreach (string pattern in patterns)
            if (!both.Any(n => NamePattern.Matches(pattern, n.Name)))
                throw new ModelException(
                    $"hint '{pattern}' matches no node whose output network and teacher have in one shape; "
                        + $"there are {NameList.Of([.. both.Select(n => n.Name)])}"
                );
        return [.. both.Where(n => patterns.Any(p => NamePattern.Matches(p, n.Name))).Select(n => n.Outputs[0])];
    }
}
