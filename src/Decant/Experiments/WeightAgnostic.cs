using Decant.Reports;

namespace Decant.Experiments;

/// <summary>
/// After Gaier and Ha (NeurIPS 2019), on MNIST: connections learnt while the one weight value that they share is drawn anew for each
/// batch, then tried with many values. The paper evolves its networks; here a mask over random signs learns.
/// </summary>
public sealed class WeightAgnostic : IExperiment
{
    /// <inheritdoc/>
    public string Name => "weight-agnostic";

    /// <inheritdoc/>
    public string Description => "a network on MNIST whose connections share one weight value, learnt to work with any, and tried with many";

    /// <inheritdoc/>
    public IReadOnlyList<ResultRow> Run(ExperimentSetting setting, IProgress<string> progress, CancellationToken cancellation)
    {
        var work = new ExperimentRuns(setting, setting.SetFor("mnist"), progress, cancellation, setting.Quick ? 4000 : int.MaxValue);
        var trials = Enumerable.Range(1, setting.Quick ? 1 : 3).Select(s => new AgnosticTrial(work, (ulong)s, setting.Quick).Run()).ToList();
        return [.. trials[0].Select((first, i) => Row(first.Name, first.Unit, [.. trials.Select(t => t[i].Measured)]))];
    }

    private static ResultRow Row(string name, string unit, double[] measured)
    {
        var seeds = new Seeds(measured);
        return ResultRow.Reported($"{name} ({seeds})", seeds.Mean, unit);
    }
}
