using Decant.Core;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.FixedPoint;

/// <summary>
/// Holds weights, the values that layers make, and gradients to fixed point while a stage trains. Gradients are taken
/// as those of the sum over a batch's images, not of their mean, so that the format does not depend on the batch.
/// </summary>
internal sealed class FixedPointHook(TechniqueContext context, FixedPointSettings options) : TrainingHook
{
    private readonly HashSet<string> selected = [.. context.Weights.Select(w => w.Name)];
    private readonly List<FixedPointGroup> groups = [];
    private readonly List<FixedPointParameterization> parameterizations = [];
    private readonly Dictionary<string, FixedPointGroup> gradients = new(StringComparer.Ordinal);
    private TrainingNetwork? trained;
    private TorchTensor? state;

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, TorchTensor>> State =>
        state is null ? [] : [KeyValuePair.Create("fixed-point", state)];

    /// <inheritdoc/>
    public override WeightParameterization? Parameterize(Weight weight)
    {
        if (!selected.Contains(weight.Name))
            return null;
        if (options.Gradients)
            gradients[weight.Name] = Group();
        if (!options.Weights)
            return null;
        var parameterization = new FixedPointParameterization(
            FiniteWeights.Of(weight, "held to fixed point"),
            Group(),
            weight.Encoding is SparseEncoding or CodebookEncoding { ZeroApart: true }
        );
        parameterizations.Add(parameterization);
        return parameterization;
    }

    /// <inheritdoc/>
    public override Func<TorchTensor, TorchTensor>? Passing(Node node, string value)
    {
        // Elements that are only moved or selected are of fixed point already.
        if (node.Operator.Is(OperatorTraits.MovesElements) || node.Operator.Is(OperatorTraits.SelectsElements))
            return null;
        FixedPointGroup? values = options.Activations ? Group() : null,
            errors = options.Gradients ? Group() : null;
        return values is null && errors is null ? null : x => Pass(x, values, errors);
    }

    /// <inheritdoc/>
    public override void Begin(TrainingNetwork network)
    {
        EnsureTrained(network, selected);
        trained = network;
        foreach (FixedPointParameterization parameterization in parameterizations)
            parameterization.Keep(isDrawn: false);
        if (options.Fraction is not null)
            return;
        state = TorchTensor
            .From<float>(new float[groups.Count * FixedPointGroup.StateCount], groups.Count, FixedPointGroup.StateCount)
            .Keep();
        Save();
    }

    /// <inheritdoc/>
    public override void BeforeStep(TrainingNetwork network, long step, long steps)
    {
        if (state is null)
            return;
        float[] numbers = state.ToArray<float>();
        for (int g = 0; g < groups.Count; g++)
        {
            ReadOnlySpan<float> own = numbers.AsSpan(g * FixedPointGroup.StateCount, FixedPointGroup.StateCount);
            groups[g].State = (own[0], own[1], own[2]);
        }
    }

    /// <inheritdoc/>
    public override void AfterBackward(TrainingStep step)
    {
        foreach (var (weight, group) in gradients)
            if (step.Network.Parameterizations[weight].Parameter.Grad is { } gradient)
                gradient.Copy_(Rounded(gradient, group));
    }

    /// <inheritdoc/>
    public override void AfterStep(TrainingNetwork network, long step, long steps)
    {
        foreach (FixedPointParameterization parameterization in parameterizations)
            parameterization.Keep(options.IsDrawn);
        if (state is null)
            return;
        foreach (FixedPointGroup group in groups)
            group.Move(step);
        Save();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        state?.Dispose();
        base.Dispose(disposing);
    }

    private TorchTensor Pass(TorchTensor x, FixedPointGroup? values, FixedPointGroup? errors)
    {
        if (x.Type != TorchType.Float32)
            return x;
        TorchTensor passed = values is null ? x : Held(x, values);
        if (errors is null || !passed.RequiresGrad)
            return passed;
        passed.OnGradient(g => Rounded(g, errors));
        return passed;
    }

    /// <summary>Values in their format; gradients pass the rounding, not the ends of the format.</summary>
    internal static TorchTensor Held(TorchTensor x, FixedPointGroup values)
    {
        // The first numbers place the point, so that the format is read after it.
        TorchTensor rounded = values.Round(x.Detach());
        return StraightThrough.As(rounded, x.Clamp(values.Format.Least, values.Format.Greatest));
    }

    private TorchTensor Rounded(TorchTensor gradient, FixedPointGroup group)
    {
        long batch = trained!.Value(trained.Network.Inputs[0].Name).Size(0);
        return group.Round(gradient.Mul(batch)).Div(batch);
    }

    private FixedPointGroup Group()
    {
        groups.Add(new FixedPointGroup(options));
        return groups[^1];
    }

    private void Save() =>
        state!.CopyFrom<float>(
            groups
                .SelectMany<FixedPointGroup, float>(g => [g.State.Fraction, g.State.IsPlaced, g.State.OverHalf])
                .ToArray()
        );
}
