using Decant.Core;
using Decant.Data;
using Decant.Reports;
using Decant.Runtime;
using Decant.Techniques.Statistics;

namespace Decant.Runs;

/// <summary>Notes on the stages of a run that made the primary metric collapse, each with the layer to blame.</summary>
/// <param name="setting">What the run works with.</param>
/// <param name="test">What stages are scored on; null for nothing.</param>
/// <param name="network">The network that the run begins with; null to name stages only.</param>
/// <param name="progress">Told which weight is tried.</param>
internal sealed class StageCollapses(
    RunSetting setting,
    IDataSource? test,
    Network? network,
    IProgress<RunProgress>? progress
)
{
    // Enough to rank layers that lose much. Each weight is tried on them, so that of large networks fewer are taken: so
    // many that all activations of all these trials have no more elements than this.
    private const int MostExamples = 256,
        LeastExamples = 8;
    private const long LargestWork = 1L << 31;

    private readonly List<string> notes = [];
    private Network? before = network;

    /// <summary>The notes so far, a line each.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <summary>Looks at a stage that has ended.</summary>
    /// <param name="former">The stage before it.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="after">The network now; null to name the stage only.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public void Look(StageReport former, StageReport stage, Network? after, CancellationToken cancellation)
    {
        if (
            test is not null
            && former.Score is { } was
            && stage.Score is { } now
            && MetricCollapse.IsBetween(was, now, setting.Task.Chance(test))
        )
        {
            string? blame = before is null || after is null ? null : Blame(stage.Name, after, cancellation);
            notes.Add(
                $"{now.Primary.Name} collapsed in stage '{stage.Name}', {was.Primary.Text} → {now.Primary.Text}"
                    + (blame is null ? "" : $": {blame}")
            );
        }
        before = after;
    }

    private int ExamplesFor(Network after)
    {
        int weights = after.Weights.Count(w => w is { IsTrainable: true, Encoding.Shape.Rank: > 1 });
        var pass = new ActivationPass(test!, setting.Preprocessing);
        return pass.ExamplesWithin(after, weights, LargestWork, LeastExamples, MostExamples);
    }

    private string? Blame(string stage, Network after, CancellationToken cancellation)
    {
        int examples = ExamplesFor(after);
        IDataSource some = test!.Count > examples ? test.Split(examples, setting.Seed).HeldOut : test;
        progress?.Report(new RunProgress(stage, 1, 1, "looks for the layer to blame", null, 1));
        return new LayerBlame(before!, after, ScoreOf, setting.Task.Chance(some)).Find();

        Score ScoreOf(Network network)
        {
            using InferenceSession session = new InferenceModel(
                network,
                new InferenceOptions { Threads = setting.Threads }
            ).CreateSession(cancellation);
            return setting.Task.Evaluate(network, session, some, setting.Preprocessing, cancellation: cancellation);
        }
    }
}
