using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Data;

/// <summary>
/// What a network's outputs mean and how they are scored. A task of one's own derives from this; nothing else need know
/// it.
/// </summary>
public abstract class LearningTask
{
    private protected const int BatchSize = 100;

    /// <summary>Its name, such as classification.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Whether networks are compared with the one that a run began with, whose outputs <see cref="Targeted"/> makes
    /// the targets.
    /// </summary>
    public virtual bool ComparesWithOriginal => false;

    /// <summary>Checks that a network takes a source's inputs and that its outputs and the targets fit this
    /// task.</summary>
    /// <exception cref="DataException">They do not; what does not fit is named.</exception>
    public abstract void CheckFits(Network network, IDataSource data);

    /// <summary>
    /// New metrics for one measurement; the first is the primary one, by which networks are compared.
    /// </summary>
    /// <param name="network">The network that is measured.</param>
    /// <param name="data">What it is measured on.</param>
    public abstract ImmutableArray<IMetric> Metrics(Network network, IDataSource data);

    /// <summary>The index of the output that is scored, where it is one; training needs it to be the first.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">The source; both fit this task.</param>
    public virtual int ScoredOutput(Network network, IDataSource data) => 0;

    /// <summary>What of a network's outputs and a source's targets this task cannot use; null if it fits.</summary>
    internal virtual string? Misfit(Network network, IDataSource data) => null;

    /// <summary>Whether it fits; where that depends on what targets hold, some of them are read.</summary>
    internal virtual bool IsPossible(Network network, IDataSource data) => Misfit(network, data) is null;

    /// <summary>Whether this task, and no other, is what a source's targets speak of.</summary>
    internal virtual bool IsMeantFor(Network network, IDataSource data) => IsPossible(network, data);

    /// <summary>The primary metric's value of answers that say nothing of their examples; 0 if not known.</summary>
    /// <param name="data">What is measured on.</param>
    public virtual double Chance(IDataSource data) => 0;

    /// <summary>The source with the targets that this task scores against.</summary>
    /// <param name="original">The network that a run begins with.</param>
    /// <param name="executor">Runs it.</param>
    /// <param name="data">The source.</param>
    /// <param name="preprocessing">What is done to pixels.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public virtual IDataSource Targeted(
        Network original,
        IExecutor executor,
        IDataSource data,
        Preprocessing preprocessing,
        CancellationToken cancellation = default
    ) => data;

    /// <summary>
    /// Measures a network. Where the source has states, the network makes its own: each example gets those that it made
    /// of the one before.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="executor">Runs it.</param>
    /// <param name="data">The examples; where the task <see cref="ComparesWithOriginal"/>, as <see cref="Targeted"/>
    /// gives them.</param>
    /// <param name="preprocessing">What is done to pixels.</param>
    /// <param name="progress">Told how many examples are done.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="DataException">The data do not fit the network and the task, or there are none.</exception>
    public Score Evaluate(
        Network network,
        IExecutor executor,
        IDataSource data,
        Preprocessing preprocessing,
        IProgress<int>? progress = null,
        CancellationToken cancellation = default
    )
    {
        CheckFits(network, data);
        if (data.Count == 0)
            throw new DataException($"data set '{data.Name}' has no examples to measure on");
        ImmutableArray<IMetric> metrics = [];
        int done = 0,
            size = BatchSizeFor(network);
        var pass = new NetworkPass(network, executor, NetworkFeed.Of(network, data, preprocessing));
        foreach (var (batch, made) in pass.Batches(size, cancellation))
        {
            IReadOnlyList<Tensor> outputs = Scored(network, ScoredOutputs.Of(made), batch);
            if (metrics.IsEmpty)
                metrics = MetricsOf(network, outputs, data);
            var scored = new ScoredBatch(batch.Count, outputs, batch.Targets)
            {
                Mask = batch.Mask,
                TargetFields = data.Targets,
            };
            foreach (IMetric metric in metrics)
                metric.Add(scored);
            progress?.Report(done += batch.Count);
        }
        return new Score([.. metrics.Select(m => new MetricValue(m.Name, m.Value, m.Unit, m.Direction))], data.Count);
    }

    /// <summary>The metrics, of outputs as they are where the network does not declare their shapes.</summary>
    private ImmutableArray<IMetric> MetricsOf(Network network, IReadOnlyList<Tensor> outputs, IDataSource data)
    {
        if (TaskOutputs.AreDeclared(network))
            return Metrics(network, data);
        Network made = TaskOutputs.AsMade(network, outputs);
        Require(made, data);
        return Metrics(made, data);
    }

    /// <summary>The most examples that a network is given at a time.</summary>
    private protected virtual int BatchSizeFor(Network network) => BatchSize;

    /// <summary>A network's outputs as metrics take them: rows of examples, unless a task says otherwise.</summary>
    private protected virtual IReadOnlyList<Tensor> Scored(
        Network network,
        IReadOnlyList<Tensor> outputs,
        FedBatch batch
    ) => RowsOf(network, outputs, batch);

    /// <summary>
    /// Refuses outputs and targets that do not fit this task, and names the tasks that they fit; and inputs that do not
    /// fit the network.
    /// </summary>
    /// <exception cref="DataException">They do not fit.</exception>
    private protected void Require(Network network, IDataSource data)
    {
        if (Misfit(network, data) is { } misfit)
            throw new DataException(misfit + LearningTasks.Instead(this, network, data));
        NetworkFeed.Of(network, data, Preprocessing.None);
    }

    /// <summary>
    /// What a network made of a batch, the first axis counting the examples. An output of one example that lacks this
    /// axis, because inputs lack it, gets it.
    /// </summary>
    /// <exception cref="DataException">It does not count them; the output is named.</exception>
    internal static IReadOnlyList<Tensor> RowsOf(Network network, IReadOnlyList<Tensor> outputs, FedBatch batch)
    {
        if (batch.IsWhole)
            return
            [
                .. outputs.Select(o =>
                    o.Shape.Rank > 0 && o.Shape[0] == 1 ? o : o.Reshape(new Shape([1, .. o.Shape.Dims]))
                ),
            ];
        int rows = batch.Inputs[0].Shape[0];
        for (int i = 0; i < outputs.Count; i++)
            if (outputs[i].Shape.Rank == 0 || outputs[i].Shape[0] != rows)
                throw new DataException(
                    $"output '{network.Outputs[i].Name}' has shape {outputs[i].Shape} for {rows} examples; its first "
                        + "axis must count them"
                );
        return outputs;
    }
}
