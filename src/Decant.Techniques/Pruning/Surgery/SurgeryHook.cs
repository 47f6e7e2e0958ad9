using Decant.Core;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.Pruning;

/// <summary>
/// Moves masks while a network trains. With t the threshold: below 0.9·t a weight is masked, above 1.1·t it comes
/// back, between them it stays as it is (Guo, Yao, Chen 2016, equation 2). The last change keeps exactly as many as the
/// level says.
/// </summary>
internal sealed class SurgeryHook : TrainingHook
{
    private const double Prune = 0.9,
        Splice = 1.1,
        Masked = 1e-12;

    private readonly DynamicNetworkSurgeryOptions options;
    private readonly TechniqueContext context;
    private readonly HashSet<string> selected;
    private readonly List<MovingMaskParameterization> parameterizations = [];
    private readonly List<double> thresholds = [];

    public SurgeryHook(DynamicNetworkSurgeryOptions options, TechniqueContext context)
    {
        (this.options, this.context) = (options, context);
        selected = context.Weights.Select(w => w.Name).ToHashSet(StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public override WeightParameterization? Parameterize(Weight weight)
    {
        if (!selected.Contains(weight.Name))
            return null;
        var parameterization = new MovingMaskParameterization(weight.Encoding, straightThrough: true);
        parameterizations.Add(parameterization);
        if (options.Threshold is { } c)
            thresholds.Add(Threshold(weight, c));
        return parameterization;
    }

    /// <inheritdoc/>
    public override void Begin(TrainingNetwork network) => EnsureTrained(network, selected);

    /// <inheritdoc/>
    public override void BeforeStep(TrainingNetwork network, long step, long steps)
    {
        long last = (long)(options.Until * steps) / options.Every * options.Every;
        if (step % options.Every != 0 || step > last)
            return;
        if (options.Threshold is not null)
            MoveByThreshold();
        else
            MoveByLevel(LevelAt(step == last ? 1 : (double)step / steps), exact: step == last);
    }

    private double LevelAt(double t)
    {
        double rise = options.Rise == 0 ? 1 : Math.Min(1, t / options.Rise);
        double round = 1 - Math.Pow(1 - rise, 3);
        return options.Level!.Value * (context.Round - 1 + round) / context.Rounds;
    }

    private void MoveByThreshold()
    {
        for (int i = 0; i < parameterizations.Count; i++)
            Move(parameterizations[i], thresholds[i]);
    }

    private void MoveByLevel(double level, bool exact)
    {
        foreach (
            MovingMaskParameterization[] ranked in options.Scope == PruningScope.Global
                ? [parameterizations.ToArray()]
                : parameterizations.Select(f => new[] { f })
        )
        {
            TorchTensor magnitudes = Ops.Cat(
                [.. ranked.Select(f => (exact ? Active(f) : f.Parameter.Abs()).Reshape(-1))],
                0
            );
            long kept = Math.Max(1, (long)Math.Round(magnitudes.ElementCount * (1 - level)));
            var (values, places) = magnitudes.TopK(kept, 0);
            if (exact)
                Split(ranked, magnitudes.ZerosLike().IndexCopy(0, places, values.OnesLike()));
            else
                foreach (MovingMaskParameterization parameterization in ranked)
                    Move(parameterization, values.Select(0, kept - 1).ToDouble());
        }
    }

    /// <summary>
    /// Magnitudes by which all that is in use comes before all that is masked: at the end nothing untried comes back.
    /// </summary>
    private static TorchTensor Active(MovingMaskParameterization parameterization) =>
        parameterization.Parameter.Abs().Mul(parameterization.Mask.Mul(1 - Masked).Add(Masked));

    private static void Move(MovingMaskParameterization parameterization, double threshold)
    {
        TorchTensor magnitude = parameterization.Parameter.Abs();
        parameterization.SetMask(
            parameterization
                .Mask.MaskedFill(magnitude.Lt(Prune * threshold), 0)
                .MaskedFill(magnitude.Gt(Splice * threshold), 1)
        );
    }

    private static void Split(MovingMaskParameterization[] ranked, TorchTensor mask)
    {
        long start = 0;
        foreach (MovingMaskParameterization parameterization in ranked)
        {
            long end = start + parameterization.Parameter.ElementCount;
            parameterization.SetMask(mask.Slice(0, start, end).Reshape(parameterization.Parameter.Shape));
            start = end;
        }
    }

    /// <summary>Mean + c × standard deviation of a weight's magnitudes.</summary>
    private static double Threshold(Weight weight, double c)
    {
        double sum = 0,
            squares = 0;
        ReadOnlySpan<float> values = weight.Encoding.Decode().Span<float>();
        foreach (float v in values)
            (sum, squares) = (sum + Math.Abs(v), squares + (double)v * v);
        double mean = sum / values.Length;
        return mean + c * Math.Sqrt(Math.Max(0, squares / values.Length - mean * mean));
    }
}
