using Decant.Core;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.Distillation;

/// <summary>
/// Adds τ² · H(softmax(t/τ), softmax(s/τ)) to the loss, t the teacher's outputs on the same images and s the
/// student's, and what the values between layers that are hints differ by.
/// </summary>
/// <param name="options">The factors.</param>
/// <param name="teacher">The teacher.</param>
/// <param name="pixels">What the teacher's images differ by from the student's; null for nothing.</param>
internal sealed class TeacherHook(KnowledgeDistillationOptions options, Network teacher, NormalizationChange? pixels)
    : TrainingHook
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
        double t = options.Temperature;
        TorchTensor penalty = step.Outputs.Div(t).CrossEntropy(Targets(step.Inputs)).Mul(options.Teacher * t * t);
        foreach (string hint in hints)
            penalty = penalty.Add(
                Difference(step.Network.Value(hint), teacher.Value(hint)).Mul(options.Hint / hints.Count)
            );
        return penalty;
    }

    private TorchTensor Targets(IReadOnlyList<TorchTensor> inputs)
    {
        using var noGrad = new NoGrad();
        TorchTensor[] given = [.. inputs];
        if (pixels is not null)
            given[0] = pixels.Of(given[0]);
        return teacher.Forward(training: false, given)[0].Div(options.Temperature).Softmax(1);
    }

    /// <summary>‖s − t‖² / ‖t‖² over the batch.</summary>
    private static TorchTensor Difference(TorchTensor student, TorchTensor taught) =>
        student.Sub(taught).Pow(2).Sum().Div(taught.Pow(2).Sum().Add(Least));

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
                        + "there are "
                        + $"{string.Join(", ", both.Take(8).Select(n => n.Name))}{(both.Length > 8 ? ", …" : "")}"
                );
        return [.. both.Where(n => patterns.Any(p => NamePattern.Matches(p, n.Name))).Select(n => n.Outputs[0])];
    }
}
