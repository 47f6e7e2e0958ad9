using Decant.Core;
using Decant.Core.Operators;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.FixedPoint;

/// <summary>
/// Holds weights, the values that layers make, and gradients to fixed point while a stage trains. Gradients are taken as those of the sum
/// over a batch's images, not of their mean, so that the format does not depend on the batch.
/// </summary>
internal sealed class FixedPointHook(TechniqueContext context, FixedPointOptions options) : TrainingHook
{
    private readonly HashSet<string> selected = [.. context.Weights.Select(w => w.Name)];
    private readonly List<FixedPointGroup> groups = [];
    private readonly List<(FixedPointForm Form, FixedPointGroup Gradients)> forms = [];
    private TorchTensor? state;

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, TorchTensor>> State => state is null ? [] : [KeyValuePair.Create("fixed-point", state)];

    /// <inheritdoc/>
    public override WeightForm? Form(Weight weight)
    {
        if (!options.Weights || !selected.Contains(weight.Name)) return null;
        FixedPointGroup group = Group();
        var form = new FixedPointForm(FiniteWeights.Of(weight, "held to fixed point"), group);
        forms.Add((form, Group()));
        return form;
    }

    /// <inheritdoc/>
    public override Func<TorchTensor, TorchTensor>? Passing(Node node, string value)
    {
        if (node.Operator is Flatten or Reshape or Transpose or Squeeze or Unsqueeze or Slice or Pad or Identity or Dropout or Concat or MaxPool) return null;
        FixedPointGroup? values = options.Activations ? Group() : null, gradients = options.Gradients ? Group() : null;
        return values is null && gradients is null ? null : x => Pass(x, values, gradients);
    }

    /// <inheritdoc/>
    public override void Begin(TrainingNetwork network)
    {
        if (options.Weights) EnsureTrained(network, selected);
        state = TorchTensor.From<float>(new float[groups.Count * FixedPointGroup.StateCount], groups.Count, FixedPointGroup.StateCount).Keep();
        foreach (var (form, _) in forms) form.Keep(isDrawn: false);
        Save();
    }

    /// <inheritdoc/>
    public override void BeforeStep(TrainingNetwork network, long step, long steps)
    {
        float[] numbers = state!.ToArray<float>();
        for (int g = 0; g < groups.Count; g++)
        {
            ReadOnlySpan<float> own = numbers.AsSpan(g * FixedPointGroup.StateCount, FixedPointGroup.StateCount);
            groups[g].State = (own[0], own[1], own[2]);
        }
    }

    /// <inheritdoc/>
    public override void AfterBackward(TrainingStep step)
    {
        if (!options.Gradients) return;
        foreach (var (form, gradients) in forms)
            if (form.Parameter.Grad is { } gradient) gradient.Copy_(Rounded(gradient, gradients, step.Images.Size(0)));
    }

    /// <inheritdoc/>
    public override void AfterStep(TrainingNetwork network, long step, long steps)
    {
        foreach (var (form, _) in forms) form.Keep(options.IsDrawn);
        if (options.Fraction is not null) return;
        foreach (FixedPointGroup group in groups) group.Move(step);
        Save();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => state?.Dispose();

    private TorchTensor Pass(TorchTensor x, FixedPointGroup? values, FixedPointGroup? gradients)
    {
        if (x.Type != TorchType.Float32) return x;
        TorchTensor passed = values is null ? x : StraightThrough.As(values.Round(x.Detach()), x);
        if (gradients is null || !passed.RequiresGrad) return passed;
        long batch = x.Rank == 0 ? 1 : x.Size(0);
        passed.OnGradient(g => Rounded(g, gradients, batch));
        return passed;
    }

    private static TorchTensor Rounded(TorchTensor gradient, FixedPointGroup group, long batch) => group.Round(gradient.Mul(batch)).Div(batch);

    private FixedPointGroup Group()
    {
        groups.Add(new FixedPointGroup(options));
        return groups[^1];
    }

    private void Save() => state!.CopyFrom<float>(groups.SelectMany<FixedPointGroup, float>(g => [g.State.Fraction, g.State.IsPlaced, g.State.OverHalf]).ToArray());
}
