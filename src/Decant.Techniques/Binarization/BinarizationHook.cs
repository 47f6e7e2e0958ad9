using Decant.Core;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.Binarization;

/// <summary>Gives selected weights their signs, and holds free numbers within the clip (BinaryConnect, section 2.4).</summary>
internal sealed class BinarizationHook(TechniqueContext context, BinarizationOptions options, Func<Weight, WeightForm> formOf) : TrainingHook
{
    private readonly HashSet<string> selected = [.. context.Weights.Select(w => w.Name)];
    private readonly List<WeightForm> forms = [];

    /// <inheritdoc/>
    public override void Begin(TrainingNetwork network) => EnsureTrained(network, selected);

    /// <inheritdoc/>
    public override WeightForm? Form(Weight weight)
    {
        if (!selected.Contains(weight.Name)) return null;
        WeightForm form = formOf(weight);
        forms.Add(form);
        return form;
    }

    /// <inheritdoc/>
    public override void AfterStep(TrainingNetwork network, long step, long steps)
    {
        if (options.Clip == 0) return;
        foreach (WeightForm form in forms) form.Parameter.Clamp_(-options.Clip, options.Clip);
    }
}
